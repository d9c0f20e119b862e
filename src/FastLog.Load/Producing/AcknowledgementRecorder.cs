using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Protocol;

namespace FastLog.Load.Producing;

/// <summary>Hears of every batch that came back; each record's token is the time that its latency counts from.</summary>
/// <param name="stop">Ends the load when a batch could not be stored.</param>
internal sealed class AcknowledgementRecorder(LoadStop stop) : IDeliveryHandler
{
    private long _recordsCount;
    private long _batchesCount;
    private long _lastAtNs;

    /// <summary>Latencies, in ns.</summary>
    public LatencyRecorder Latency { get; } = new();

    /// <summary>Records acknowledged.</summary>
    public long RecordsCount => Interlocked.Read(ref _recordsCount);

    /// <summary>Batches acknowledged.</summary>
    public long BatchesCount => Interlocked.Read(ref _batchesCount);

    /// <summary>When the last of them came.</summary>
    public long LastAtNs => Interlocked.Read(ref _lastAtNs);

    /// <inheritdoc/>
    public void OnDelivered(in DeliveryReport report)
    {
        if (report.ErrorCode != ErrorCode.None)
        {
            // What was given up because the load ends early is no failure of the broker.
            stop.Fail(new LoadFailedException(
                $"{report.RecordsCount} records of {report.Topic}-{report.Partition} were not stored: "
                + (report.ErrorMessage ?? report.ErrorCode.Message())));
            return;
        }

        long nowNs = MonotonicClock.NowNs;
        Latency.RecordSince(report.Tokens, nowNs);
        Interlocked.Add(ref _recordsCount, report.RecordsCount);
        Interlocked.Increment(ref _batchesCount);
        Interlocked.Exchange(ref _lastAtNs, nowNs);
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Latency.Clear();
        Interlocked.Exchange(ref _recordsCount, 0);
        Interlocked.Exchange(ref _batchesCount, 0);
    }
}
