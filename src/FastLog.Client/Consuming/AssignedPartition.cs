namespace FastLog.Client;

/// <summary>What was asked of one partition: an answer that finds the partition elsewhere is dropped.</summary>
internal readonly record struct FetchAsk(AssignedPartition Partition, int Generation, long Offset)
{
    public bool IsCurrent => Partition.Generation == Generation && Partition.FetchOffset == Offset;
}

/// <summary>Where a consumer is in one partition. Guarded by the consumer's lock.</summary>
internal sealed class AssignedPartition(TopicAndPartition name)
{
    private const long Unknown = -1;

    public TopicAndPartition Name => name;

    public Guid TopicId { get; set; }

    /// <summary>The broker to fetch from, or -1.</summary>
    public int LeaderId { get; set; } = -1;

    public int LeaderEpoch { get; set; } = -1;

    /// <summary>Grows with every jump: what was fetched before it is dropped.</summary>
    public int Generation { get; private set; }

    /// <summary>Where to start, as long as the offset has to be asked for.</summary>
    public StartPosition? Start { get; private set; }

    /// <summary>The next offset to fetch.</summary>
    public long FetchOffset { get; private set; } = Unknown;

    /// <summary>The offset after the last record that was handed to the reader, or -1 when not known yet.</summary>
    public long Position { get; private set; } = Unknown;

    /// <summary>The end as of the last fetch, or -1.</summary>
    public long HighWatermark { get; set; } = Unknown;

    public bool IsPaused { get; private set; }

    /// <summary>Reading failed for good; a jump makes it go on.</summary>
    public bool HasFailed { get; set; }

    /// <summary>No fetch before this timestamp of the clock, after a failure.</summary>
    public long NotBefore { get; set; }

    public int Failures { get; set; }

    public void JumpTo(StartPosition start)
    {
        Generation++;
        HasFailed = false;
        Start = start.Offset is null ? start : null;
        FetchOffset = start.Offset ?? Unknown;
        Position = FetchOffset;
    }

    /// <summary>The log no longer has what comes next. What was fetched before is still good and stays.</summary>
    public void ResetTo(StartPosition start)
    {
        Start = start;
        FetchOffset = Unknown;
    }

    /// <summary>The offset that was asked for came.</summary>
    public void Resolve(long offset)
    {
        Start = null;
        FetchOffset = offset;
        Position = Position == Unknown ? offset : Position;
    }

    public void Pause()
    {
        IsPaused = true;
        // What was fetched ahead is dropped, and fetched again after the pause.
        Generation++;
        FetchOffset = Position;
    }

    public void Resume() => IsPaused = false;

    public bool IsFetchableFrom(int nodeId, long now) =>
        LeaderId == nodeId && !IsPaused && !HasFailed && Start is null && FetchOffset >= 0 && now >= NotBefore;

    public void OnFetched(long nextOffset) => FetchOffset = nextOffset;

    public void OnDelivered(long nextOffset) => Position = nextOffset;
}
