using FastLog.Cluster.Configs;
using FastLog.Protocol;

namespace FastLog.Broker.Telemetry;

/// <summary>One client that is asked for its metrics: when it came last, and what it may do next.</summary>
internal sealed class ClientInstance(Guid id)
{
    private long? _askedMs;
    private long? _pushedMs;
    private bool _isTerminating;
    private ErrorCode _lastError;

    public Guid Id => id;

    public long LastUsedMs { get; set; }

    /// <summary>What <see cref="Subscription"/> was made from.</summary>
    public IReadOnlyList<ClientMetricsSubscription>? Basis { get; private set; }

    public ClientSubscription Subscription { get; private set; } =
        new(0, ClientMetricsSubscription.IntervalMsDefault, []);

    /// <summary>Takes over what is wanted now; the client may ask for it at once.</summary>
    public void Follow(IReadOnlyList<ClientMetricsSubscription> basis, ClientSubscription subscription)
    {
        if (Basis is not null && subscription.Id != Subscription.Id)
        {
            _askedMs = null;
            _pushedMs = null;
        }

        Basis = basis;
        Subscription = subscription;
    }

    /// <summary>The client asks what is wanted: once an interval, or when a push has told it to.</summary>
    public ErrorCode Ask(long nowMs)
    {
        var lastMs = Math.Max(_askedMs ?? long.MinValue, _pushedMs ?? long.MinValue);
        var isDue = lastMs == long.MinValue || nowMs - lastMs >= Subscription.PushIntervalMs
            || _lastError is ErrorCode.UnknownSubscriptionId or ErrorCode.UnsupportedCompressionType;
        if (!isDue)
        {
            return ErrorCode.ThrottlingQuotaExceeded;
        }

        _askedMs = nowMs;
        _lastError = ErrorCode.None;
        return ErrorCode.None;
    }

    /// <summary>The client pushes: at any time after it asked, since it spreads its first push at random, and then once an
    /// interval; the last push of all is always in time.</summary>
    public ErrorCode Push(in TelemetryPush push, int bytesMax, long nowMs)
    {
        var error = Check(push, bytesMax, nowMs);
        _lastError = error;
        _isTerminating |= error == ErrorCode.None && push.IsTerminating;
        return error;
    }

    private ErrorCode Check(in TelemetryPush push, int bytesMax, long nowMs)
    {
        if (_isTerminating)
        {
            return ErrorCode.InvalidRequest;
        }

        var isFirstSinceAsked = _askedMs is { } asked && (_pushedMs is not { } before || asked > before);
        var isDue = isFirstSinceAsked || _pushedMs is not { } pushed || nowMs - pushed >= Subscription.PushIntervalMs;
        if (isDue)
        {
            _pushedMs = nowMs;
        }
        else if (!push.IsTerminating)
        {
            return ErrorCode.ThrottlingQuotaExceeded;
        }

        return push.SubscriptionId != Subscription.Id ? ErrorCode.UnknownSubscriptionId
            : push.CompressionType != 0 && !ClientTelemetry.CompressionTypes.Contains(push.CompressionType)
                ? ErrorCode.UnsupportedCompressionType
            : push.SizeBytes > bytesMax ? ErrorCode.TelemetryTooLarge
            : ErrorCode.None;
    }
}
