namespace FastLog.Client;

/// <summary>How members of a group agree on who reads what (group.protocol).</summary>
public enum GroupProtocol
{
    /// <summary>JoinGroup, SyncGroup: one member, the leader, assigns.</summary>
    Classic,

    /// <summary>ConsumerGroupHeartbeat: the broker assigns, partitions move one by one (KIP-848).</summary>
    Consumer,
}

/// <summary>How the leader of a classic group assigns partitions (partition.assignment.strategy).</summary>
public enum AssignmentStrategy
{
    /// <summary>Neighbouring partitions of each topic (range).</summary>
    Range,

    /// <summary>One partition after the other, to one member after the other (roundrobin).</summary>
    RoundRobin,

    /// <summary>Balanced, and each member keeps what it has where that is possible; only partitions that move are given
    /// up (cooperative-sticky, KIP-429). That holds only where all strategies of all members can: alone in the list.</summary>
    CooperativeSticky,
}

/// <summary>What becomes of records when a member dies between reading and committing.</summary>
public enum DeliverySemantics
{
    /// <summary>
    /// Offsets are committed after the records were processed. A record counts as processed when the
    /// <see cref="FetchedRecords"/> that lent it were disposed and the application has come back for more
    /// (<see cref="Consumer.ReadAsync"/>, <see cref="Consumer.TryRead"/>) or has closed the consumer with
    /// <see cref="Consumer.CloseAsync"/>. An exception on the way, and <see cref="Consumer.DisposeAsync"/> after it,
    /// commits nothing of what was read last. No record is lost; some are read twice.
    /// </summary>
    AtLeastOnce,

    /// <summary>
    /// Offsets are committed, and the commit is acknowledged, before records are handed to the application. No record is
    /// read twice; those handed over and not processed when a member dies are lost. Records that were committed and not
    /// yet handed over when the consumer is closed or a partition revoked are given back by committing the earlier offset.
    /// Each commit waits for the coordinator once for all that was fetched by then.
    /// </summary>
    AtMostOnce,
}

/// <content>Membership in a group, and commits.</content>
public sealed partial record ConsumerOptions
{
    /// <summary>The group to join and to commit for (group.id); null for none.</summary>
    public string? GroupId { get; init; }

    /// <summary>The name of a static member, which comes back as itself within the session timeout (group.instance.id);
    /// null for a dynamic member.</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary>The protocol between group and members (group.protocol).</summary>
    public GroupProtocol GroupProtocol { get; init; } = GroupProtocol.Classic;

    /// <summary>The strategies that are offered, the preferred one first (partition.assignment.strategy); classic protocol
    /// only.</summary>
    public IReadOnlyList<AssignmentStrategy> AssignmentStrategies { get; init; } =
        [AssignmentStrategy.Range, AssignmentStrategy.CooperativeSticky];

    /// <summary>The broker's assignor that is asked for, such as uniform or range (group.remote.assignor); null for the
    /// broker's choice. Consumer protocol only.</summary>
    public string? GroupRemoteAssignor { get; init; }

    /// <summary>The rack of this client (client.rack); null for none.</summary>
    public string? ClientRack { get; init; }

    /// <summary>Without a heartbeat for so long a member is removed (session.timeout.ms); classic protocol only, the
    /// broker says it in the other.</summary>
    public int SessionTimeoutMs { get; init; } = 45_000;

    /// <summary>The pause between heartbeats (heartbeat.interval.ms); classic protocol only, the broker says it in the
    /// other.</summary>
    public int HeartbeatIntervalMs { get; init; } = 3_000;

    /// <summary>An application that does not come back for records for so long leaves the group (max.poll.interval.ms). It
    /// is also how long members may take to rejoin in a rebalance.</summary>
    public int MaxPollIntervalMs { get; init; } = 300_000;

    /// <summary>Whether offsets are committed without being asked to (enable.auto.commit): as <see cref="Delivery"/>
    /// says.</summary>
    public bool EnableAutoCommit { get; init; } = true;

    /// <summary>How often offsets of processed records are committed (auto.commit.interval.ms); at least once only.</summary>
    public int AutoCommitIntervalMs { get; init; } = 5_000;

    /// <summary>Whether automatic commits come before or after records are processed. Without
    /// <see cref="EnableAutoCommit"/> the application decides by when it commits.</summary>
    public DeliverySemantics Delivery { get; init; } = DeliverySemantics.AtLeastOnce;

    /// <summary>Where a group starts in a partition that it has committed nothing for; null for what
    /// <see cref="OffsetReset"/> says.</summary>
    public StartPosition? InitialPosition { get; init; }

    /// <summary>How long closing may try to commit and to leave the group.</summary>
    public int CloseTimeoutMs { get; init; } = 30_000;
}
