namespace FastLog.Cluster.Configs;

/// <summary>What a consumer group (KIP-848) is told: its own values over the broker's.</summary>
/// <param name="ConsumerSessionTimeoutMs"><c>consumer.session.timeout.ms</c>, within what the broker allows.</param>
/// <param name="ConsumerHeartbeatIntervalMs"><c>consumer.heartbeat.interval.ms</c>, within what the broker allows.</param>
public readonly record struct GroupSettings(int ConsumerSessionTimeoutMs, int ConsumerHeartbeatIntervalMs);
