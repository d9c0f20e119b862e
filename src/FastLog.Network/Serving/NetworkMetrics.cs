using System.Buffers;
using System.Diagnostics.Metrics;
using FastLog.Protocol;

namespace FastLog.Network;

/// <summary>
/// The instruments of this room: what a listener counts anyway, read when somebody asks, and the latency of requests,
/// for which the clock is read while somebody listens.
/// </summary>
public sealed class NetworkMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "FastLog.Network";

    private static readonly InstrumentAdvice<long> Responses = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    };

    private readonly Lock _gate = new();
    private readonly Meter _meter;
    private readonly TimeProvider _time;
    private readonly RequestLatency?[] _latencies = new RequestLatency?[ApiCatalog.All.Max(api => (int)api.Key) + 1];
    private readonly Histogram<long> _responsesPerSend;
    private RequestLatency? _unknown;

    /// <summary>Makes the instruments; they live as long as the meter. Takes effect by <see cref="SocketListener.Metrics"/>.
    /// </summary>
    /// <param name="meter">The broker's meter of this room.</param>
    /// <param name="listener">What is measured.</param>
    /// <param name="time">The clock.</param>
    public NetworkMetrics(Meter meter, SocketListener listener, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(listener);
        ArgumentNullException.ThrowIfNull(time);
        _meter = meter;
        _time = time;
        _responsesPerSend = meter.CreateHistogram(
            "fastlog.network.send.responses", null, "Responses that left in one go.", advice: Responses);
        NetworkCounters counters = listener.Counters;
        meter.CreateObservableGauge(
            "fastlog.connections.open", () => listener.ConnectionsOpen, null, "Client connections that are open.");
        meter.CreateObservableCounter(
            "fastlog.connections.accepted", () => counters.ConnectionsAccepted, null, "Client connections accepted.");
        meter.CreateObservableCounter(
            "fastlog.connections.closed", () => counters.ConnectionsClosed, null, "Client connections that ended.");
        meter.CreateObservableCounter(
            "fastlog.connections.refused", () => counters.ConnectionsRefused, null,
            "Client connections closed at once since there were too many (max.connections).");
        meter.CreateObservableCounter(
            "fastlog.network.requests", () => counters.Requests, null, "Requests taken.");
        meter.CreateObservableCounter(
            "fastlog.network.received", () => counters.BytesIn, "By", "Bytes received from clients.");
        meter.CreateObservableCounter(
            "fastlog.network.sent", () => counters.BytesOut, "By", "Bytes sent to clients.");
        meter.CreateObservableGauge(
            "fastlog.network.queued", () => listener.QueuedBytes, "By",
            "Bytes of requests taken and of responses not yet sent (bounded by queued.max.request.bytes).");
    }

    /// <summary>A timestamp; 0 while nobody listens.</summary>
    internal long Now() => _responsesPerSend.Enabled ? _time.GetTimestamp() : 0;

    /// <summary>The latency of the request's API, whose key a frame begins with.</summary>
    internal RequestLatency Of(in ReadOnlySequence<byte> frame)
    {
        var reader = new SequenceReader<byte>(frame);
        if (!reader.TryReadBigEndian(out short key) || (uint)key >= (uint)_latencies.Length)
        {
            return Volatile.Read(ref _unknown) ?? Create(ref _unknown, "unknown");
        }

        ref RequestLatency? latency = ref _latencies[key];
        return Volatile.Read(ref latency) ?? (ApiCatalog.TryGet(key, out ApiInfo? api)
            ? Create(ref latency, api.Key.ToString())
            : Create(ref _unknown, "unknown"));
    }

    internal void RecordSend(int responsesCount) => _responsesPerSend.Record(responsesCount);

    // An API's instruments come with its first request: most APIs never have one.
    private RequestLatency Create(ref RequestLatency? latency, string api)
    {
        lock (_gate)
        {
            if (latency is null)
            {
                Volatile.Write(ref latency, new RequestLatency(_meter, api, _time));
            }

            return latency!;
        }
    }
}
