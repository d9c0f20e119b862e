using FastLog.Load.Consuming;
using FastLog.Load.Measuring;
using FastLog.Load.Producing;
using FastLog.Load.Results;

namespace FastLog.Load.Loads;

/// <summary>Measures the stretch of a load that counts: starts the clock, takes a sample every interval, stops the clock.
/// </summary>
internal sealed class LoadMeter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Measurement _measurement;
    private readonly IMeasuredFlow? _producers;
    private IMeasuredFlow? _consumers;
    private readonly LoadStop _stop;
    private readonly List<TimelineSample> _timeline = [];
    private readonly ITimer _timer;
    private FlowResult? _lastProduced;
    private FlowResult? _lastConsumed;
    private double _lastAtSeconds;
    private bool _isStopped;

    private LoadMeter(LoadTarget target, IMeasuredFlow? producers, IMeasuredFlow? consumers, LoadStop stop)
    {
        _producers = producers;
        _consumers = consumers;
        _stop = stop;
        producers?.BeginAnew();
        consumers?.BeginAnew();
        StartedAt = DateTimeOffset.UtcNow;
        _measurement = Measurement.Start(target.BrokerPid);
        StartNs = MonotonicClock.NowNs;
        TimeSpan interval = TimeSpan.FromMilliseconds(target.TimelineIntervalMs);
        _timer = TimeProvider.System.CreateTimer(_ => OnInterval(), null, interval, interval);
    }

    /// <summary>When the clock started.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>The same on <see cref="MonotonicClock"/>.</summary>
    public long StartNs { get; }

    /// <summary>Starts the clock.</summary>
    /// <exception cref="ProcessGoneException">There is no such broker process.</exception>
    public static LoadMeter Start(
        LoadTarget target, IMeasuredFlow? producers, IMeasuredFlow? consumers, LoadStop stop) =>
        new(target, producers, consumers, stop);

    /// <summary>Counts what consumers read that connected after the clock was started.</summary>
    public void Follow(ConsumerFleet consumers)
    {
        lock (_gate)
        {
            _consumers = consumers;
        }
    }

    /// <summary>Stops the clock: what the producers did, and what it cost.</summary>
    /// <exception cref="ProcessGoneException">The broker has ended.</exception>
    public LoadResult Stop(LoadKind kind, ProducerFleet producers, LoadExtent extent, string? flushMessages)
    {
        FlowResult produced = producers.Flow(StartNs);
        Measured measured = StopClock();
        return new LoadResult
        {
            Kind = kind,
            StartedAt = StartedAt,
            IsInterrupted = _stop.IsInterrupted,
            PartitionsCount = producers.PartitionsCount,
            RecordSizeBytes = (int)Math.Round(producers.MeanValueBytes),
            RecordsCount = produced.RecordsCount,
            BytesCount = produced.BytesCount,
            WarmupRecordsCount = extent.WarmupRecordsCount,
            TopicFlushMessages = flushMessages,
            Measured = measured,
            Produced = produced,
            AcknowledgementLatency = LatencySummary.Of(producers.Acknowledged.Latency.Total()),
            Pacing = producers.Pacing(),
            Timeline = _timeline,
        };
    }

    /// <summary>Stops the clock, of a load that makes its result by itself.</summary>
    /// <exception cref="ProcessGoneException">The broker has ended.</exception>
    public (Measured Measured, IReadOnlyList<TimelineSample> Timeline) Stop() => (StopClock(), _timeline);

    public void Dispose() => _timer.Dispose();

    private Measured StopClock()
    {
        lock (_gate)
        {
            AddSample();
            _isStopped = true;
            return _measurement.Stop();
        }
    }

    private void OnInterval()
    {
        // A sample that takes longer than the interval is not to be taken twice at once.
        if (!_gate.TryEnter())
        {
            return;
        }

        try
        {
            if (!_isStopped)
            {
                AddSample();
            }
        }
        catch (ProcessGoneException e)
        {
            _isStopped = true;
            _stop.Fail(e);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private void AddSample()
    {
        (ProcessUse? broker, ProcessUse generator) = _measurement.Look();
        double atSeconds = (MonotonicClock.NowNs - StartNs) / 1e9;
        FlowResult? produced = _producers?.Flow(StartNs);
        FlowResult? consumed = _consumers?.Flow(StartNs);
        _timeline.Add(new TimelineSample
        {
            AtSeconds = atSeconds,
            Seconds = atSeconds - _lastAtSeconds,
            ProducedRecordsCount = Since(produced?.RecordsCount, _lastProduced?.RecordsCount),
            ProducedBytesCount = Since(produced?.BytesCount, _lastProduced?.BytesCount),
            ConsumedRecordsCount = Since(consumed?.RecordsCount, _lastConsumed?.RecordsCount),
            ConsumedBytesCount = Since(consumed?.BytesCount, _lastConsumed?.BytesCount),
            AcknowledgementLatency = EndInterval(_producers?.Latency),
            EndToEndLatency = EndInterval(_consumers?.Latency),
            BrokerCpuUserSeconds = broker?.CpuUserSeconds,
            BrokerCpuSystemSeconds = broker?.CpuSystemSeconds,
            BrokerResidentBytes = broker?.ResidentBytes,
            GeneratorCpuSeconds = generator.CpuSeconds,
        });
        _lastAtSeconds = atSeconds;
        _lastProduced = produced;
        _lastConsumed = consumed;
    }

    private static long Since(long? now, long? before) => (now ?? 0) - (before ?? 0);

    private static LatencySummary? EndInterval(LatencyRecorder? recorder) =>
        recorder is null ? null : LatencySummary.OfAny(recorder.EndInterval());
}
