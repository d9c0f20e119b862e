namespace FastLog.Coordination;

/// <summary>The configuration of the group coordinator; names and defaults are Kafka's.</summary>
public sealed record GroupCoordinatorOptions
{
    /// <summary><c>group.coordinator.rebalance.protocols</c> names "classic".</summary>
    public bool IsClassicEnabled { get; init; } = true;

    /// <summary>
    /// Whether <c>group.coordinator.rebalance.protocols</c> names "consumer" and the feature <c>group.version</c> is at 1 or
    /// more, which may change at run time.
    /// </summary>
    public Func<bool> IsConsumerEnabled { get; init; } = static () => true;

    /// <summary><c>group.min.session.timeout.ms</c>, of classic groups.</summary>
    public int ClassicSessionTimeoutMsMin { get; init; } = 6_000;

    /// <summary><c>group.max.session.timeout.ms</c>, of classic groups.</summary>
    public int ClassicSessionTimeoutMsMax { get; init; } = 1_800_000;

    /// <summary><c>group.initial.rebalance.delay.ms</c>: how long the first rebalance of an empty classic group waits for more members.</summary>
    public int InitialRebalanceDelayMs { get; init; } = 3_000;

    /// <summary><c>group.max.size</c>: members of a classic group.</summary>
    public int ClassicMembersMax { get; init; } = int.MaxValue;

    /// <summary><c>group.consumer.max.size</c>: members of a consumer group.</summary>
    public int ConsumerMembersMax { get; init; } = int.MaxValue;

    /// <summary><c>group.consumer.assignors</c>: names of the assignors on offer, the default first.</summary>
    public IReadOnlyList<string> ConsumerAssignors { get; init; } = ["uniform", "range"];

    /// <summary><c>group.consumer.migration.policy</c>: whether a classic group with members may become a consumer group.</summary>
    public bool MayUpgrade { get; init; } = true;

    /// <summary><c>group.consumer.migration.policy</c>: whether a consumer group with members may become a classic group.</summary>
    public bool MayDowngrade { get; init; } = true;

    /// <summary>
    /// <c>consumer.session.timeout.ms</c> and <c>consumer.heartbeat.interval.ms</c> of a consumer group, asked for whenever
    /// they are needed, as they may be configured by group and at run time.
    /// </summary>
    public Func<string, ConsumerGroupLimits> ConsumerLimitsOf { get; init; } = static _ => new ConsumerGroupLimits(45_000, 5_000);

    /// <summary><c>offset.metadata.max.bytes</c>: of the text that is committed with an offset.</summary>
    public int OffsetMetadataBytesMax { get; init; } = 4_096;

    /// <summary><c>offsets.retention.minutes</c>, in milliseconds.</summary>
    public long OffsetsRetentionMs { get; init; } = 10_080L * 60 * 1_000;

    /// <summary><c>offsets.retention.check.interval.ms</c>: how often offsets are looked through for expired ones.</summary>
    public long OffsetsRetentionCheckIntervalMs { get; init; } = 600_000;
}

/// <summary>What a consumer group tells its members.</summary>
/// <param name="SessionTimeoutMs">Without a heartbeat for so long a member is fenced.</param>
/// <param name="HeartbeatIntervalMs">How often members are to send heartbeats.</param>
public readonly record struct ConsumerGroupLimits(int SessionTimeoutMs, int HeartbeatIntervalMs);
