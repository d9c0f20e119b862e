namespace FastLog.Cluster.Configs;

/// <content>The group coordinator.</content>
public sealed partial record BrokerConfig
{
    /// <summary><c>offset.metadata.max.bytes</c>: UTF-8 bytes of the text committed with an offset.</summary>
    public required int OffsetMetadataBytesMax { get; init; }

    /// <summary><c>offsets.commit.timeout.ms</c>: how long a write of the coordinator may take.</summary>
    public required int OffsetsCommitTimeoutMs { get; init; }

    /// <summary><c>offsets.load.buffer.size</c>: bytes read at once while a coordinator loads.</summary>
    public required int OffsetsLoadBufferBytes { get; init; }

    /// <summary><c>offsets.retention.minutes</c>: how long offsets outlive their group, in milliseconds.</summary>
    public required long OffsetsRetentionMs { get; init; }

    /// <summary><c>offsets.retention.check.interval.ms</c>: how often expired offsets are looked for.</summary>
    public required long OffsetsRetentionCheckIntervalMs { get; init; }

    /// <summary><c>group.coordinator.rebalance.protocols</c>: classic, and consumer unless it is switched off.</summary>
    public required IReadOnlyList<string> GroupRebalanceProtocols { get; init; }

    /// <summary><c>group.initial.rebalance.delay.ms</c>: how long an empty classic group waits for more members at its first join.</summary>
    public required int GroupInitialRebalanceDelayMs { get; init; }

    /// <summary><c>group.min.session.timeout.ms</c>: shortest session timeout of a classic member.</summary>
    public required int GroupSessionTimeoutMsMin { get; init; }

    /// <summary><c>group.max.session.timeout.ms</c>: longest session timeout of a classic member.</summary>
    public required int GroupSessionTimeoutMsMax { get; init; }

    /// <summary><c>group.max.size</c>: members of a classic group.</summary>
    public required int GroupMembersMax { get; init; }

    /// <summary><c>group.consumer.assignors</c>: <c>uniform</c> and <c>range</c>, the default first; at least one, none twice.</summary>
    public required IReadOnlyList<string> GroupConsumerAssignors { get; init; }

    /// <summary><c>group.consumer.heartbeat.interval.ms</c>: what members of a consumer group are told unless the group says otherwise.</summary>
    public required int GroupConsumerHeartbeatIntervalMs { get; init; }

    /// <summary><c>group.consumer.min.heartbeat.interval.ms</c>: shortest that a group may be given.</summary>
    public required int GroupConsumerHeartbeatIntervalMsMin { get; init; }

    /// <summary><c>group.consumer.max.heartbeat.interval.ms</c>: longest that a group may be given.</summary>
    public required int GroupConsumerHeartbeatIntervalMsMax { get; init; }

    /// <summary><c>group.consumer.session.timeout.ms</c>: of consumer groups unless the group says otherwise.</summary>
    public required int GroupConsumerSessionTimeoutMs { get; init; }

    /// <summary><c>group.consumer.min.session.timeout.ms</c>: shortest that a group may be given.</summary>
    public required int GroupConsumerSessionTimeoutMsMin { get; init; }

    /// <summary><c>group.consumer.max.session.timeout.ms</c>: longest that a group may be given.</summary>
    public required int GroupConsumerSessionTimeoutMsMax { get; init; }

    /// <summary><c>group.consumer.max.size</c>: members of a consumer group.</summary>
    public required int GroupConsumerMembersMax { get; init; }

    /// <summary><c>group.consumer.migration.policy</c>: which way a group with members may change its protocol.</summary>
    public required GroupMigrationPolicy GroupConsumerMigrationPolicy { get; init; }
}
