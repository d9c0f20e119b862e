using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Client;

/// <summary>What every client needs. Names, meanings and defaults are Kafka's unless said; times are in milliseconds.</summary>
public record ClientOptions
{
    /// <summary>HOST:PORT, or several divided by commas (bootstrap.servers). The first that answers is used.</summary>
    public string BootstrapServers { get; init; } = "127.0.0.1:9092";

    /// <summary>The name that the broker logs and sets quotas by (client.id).</summary>
    public string ClientId { get; init; } = "fastlog";

    /// <summary>How long one request may stay without an answer (request.timeout.ms).</summary>
    public int RequestTimeoutMs { get; init; } = 30_000;

    /// <summary>How long a call that retries goes on in all (default.api.timeout.ms).</summary>
    public int ApiTimeoutMs { get; init; } = 60_000;

    /// <summary>How long connecting may take (socket.connection.setup.timeout.ms).</summary>
    public int ConnectTimeoutMs { get; init; } = 10_000;

    /// <summary>The pause before the first retry; each further one doubles it (retry.backoff.ms).</summary>
    public int RetryBackoffMs { get; init; } = 100;

    /// <summary>The longest pause between retries (retry.backoff.max.ms).</summary>
    public int RetryBackoffMsMax { get; init; } = 1_000;

    /// <summary>Metadata older than this is asked for again (metadata.max.age.ms).</summary>
    public int MetadataAgeMsMax { get; init; } = 300_000;

    /// <summary>Requests sent on one connection and not yet answered (max.in.flight.requests.per.connection).
    /// An idempotent producer sends at most 5, whatever is said here.</summary>
    public int MaxInFlightRequestsPerConnection { get; init; } = 5;

    /// <summary>Where the client says what went wrong and was retried.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
