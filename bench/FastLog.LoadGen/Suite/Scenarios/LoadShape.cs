namespace FastLog.LoadGen.Suite.Scenarios;

/// <summary>What kind of thing a scenario does.</summary>
internal enum LoadType
{
    Produce,
    Consume,
    EndToEnd,
    CatchUp,

    /// <summary>Groups commit offsets; a commit counts as a record.</summary>
    Commits,

    /// <summary>Groups with members are at rest; a heartbeat counts as a record.</summary>
    Groups,

    /// <summary>Looks at the broker's memory after all loads.</summary>
    Memory,

    /// <summary>Starts a broker on an empty directory until it acknowledges a record.</summary>
    Start,
}

/// <summary>The load of a scenario. Sizes are in bytes; counts are those of a full run.</summary>
internal sealed record LoadShape
{
    /// <summary>The size at which the own generator sends a batch.</summary>
    public const int BatchedBytes = 128 * 1024;

    /// <summary>Records a second that are produced while a consumer catches up.</summary>
    public const int CatchUpRate = 100_000;

    public required LoadType Type { get; init; }

    public int PartitionsCount { get; init; } = 1;

    public int RecordSizeBytes { get; init; } = 100;

    /// <summary>Whether the topic's flush.messages is 1; else it is the largest number, which never syncs.</summary>
    public bool IsFsync { get; init; }

    public string Acks { get; init; } = "all";

    public bool IsIdempotent { get; init; } = true;

    public long RecordsCount { get; init; }

    public long WarmupRecordsCount { get; init; }

    /// <summary>Whether every record is a request of its own; else batches fill up.</summary>
    public bool IsRecordPerRequest { get; init; }

    public int LingerMs { get; init; } = 5;

    /// <summary>Requests of one connection that are on their way at once.</summary>
    public int InFlightMax { get; init; } = 5;

    /// <summary>Producers of the own generator, each with a connection of its own.</summary>
    public int ProducersCount { get; init; } = 1;

    /// <summary>Records a second of an open loop; null for a closed one.</summary>
    public int? Rate { get; init; }

    /// <summary>Groups that commit or have members.</summary>
    public int GroupsCount { get; init; }

    /// <summary>Members of each group at rest.</summary>
    public int MembersPerGroup { get; init; }

    /// <summary>The groups' protocol: classic or consumer.</summary>
    public string GroupProtocol { get; init; } = "classic";

    /// <summary>How long groups are watched at rest.</summary>
    public int RestSeconds { get; init; }

    /// <summary>Whether librdkafka's program can do the same.</summary>
    public bool IsForRdkafka { get; init; }

    /// <summary>Whether a load runs against a broker, a peer's too.</summary>
    public bool IsLoad => Type is not (LoadType.Memory or LoadType.Start);

    /// <summary>Whether it is about groups, which have no limits of disk or network to be held against.</summary>
    public bool IsOfGroups => Type is LoadType.Commits or LoadType.Groups;

    /// <summary>How many writes can be waiting for one sync.</summary>
    public int WritesPerSync => InFlightMax * ProducersCount;
}
