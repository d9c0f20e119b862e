using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Load.Pacing;
using FastLog.Load.Payloads;
using FastLog.Load.Results;
using FastLog.Records;

namespace FastLog.Load.Producing;

/// <summary>All producers of a load.</summary>
internal sealed class ProducerFleet : IMeasuredFlow, IAsyncDisposable
{
    /// <summary>How long records on their way may take to be acknowledged after the user ended the load.</summary>
    private static readonly TimeSpan InterruptedFlush = TimeSpan.FromSeconds(1);

    private readonly ProduceSettings _settings;
    private readonly List<ProducerLane> _lanes = [];
    private readonly LoadStop _stop;
    private readonly OpenLoop? _openLoop;
    private long _recordsBefore;
    private long _bytesBefore;
    private long _refusalsBefore;

    private ProducerFleet(ProduceSettings settings, LoadStop stop)
    {
        _settings = settings;
        _stop = stop;
        Acknowledged = new AcknowledgementRecorder(stop);
        _openLoop = settings.RateRecordsPerSecond is { } rate ? new OpenLoop(_lanes, rate) : null;
    }

    public AcknowledgementRecorder Acknowledged { get; }

    public int PartitionsCount { get; private set; }

    /// <inheritdoc/>
    public LatencyRecorder Latency => Acknowledged.Latency;

    /// <summary>The mean size of the values sent since <see cref="BeginAnew"/>.</summary>
    public double MeanValueBytes
    {
        get
        {
            long records = _lanes.Sum(lane => lane.AppendedCount) - _recordsBefore;
            long bytes = _lanes.Sum(lane => lane.AppendedBytes) - _bytesBefore;
            return _settings.Sizes.IsFixed || records <= 0 ? _settings.Sizes.MinBytes : (double)bytes / records;
        }
    }

    /// <summary>Connects all producers.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="settings">How many, and what they send.</param>
    /// <param name="carriesTime">Whether values begin with the time they were meant to be sent at.</param>
    /// <param name="stop">Ends the load.</param>
    public static async Task<ProducerFleet> OpenAsync(
        LoadTarget target, ProduceSettings settings, bool carriesTime, LoadStop stop)
    {
        ProducerFleet fleet = new(settings, stop);
        try
        {
            PayloadStretch stretch = RecordPayloads.StretchFor(
                settings.Payload, settings.Sizes, settings.Compression != CompressionType.None, settings.Seed);
            ProducerOptions options = ProducerSettings.OptionsFor(target, settings);
            for (int i = 0; i < settings.ProducersCount; i++)
            {
                Producer producer = new(options);
                TopicProducer topic =
                    await producer.OpenTopicAsync(target.Topic, fleet.Acknowledged, stop.Token).ConfigureAwait(false);
                fleet.PartitionsCount = topic.PartitionsCount;
                RecordSource source = new(settings, stretch, i, carriesTime);
                fleet._lanes.Add(new ProducerLane(
                    producer, topic, source, new PartitionTurn(settings.Spread, topic.PartitionsCount, i)));
            }

            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends all of a quota and waits until all of it is acknowledged, or the load is to end.</summary>
    public async Task RunAsync(LoadQuota quota, CancellationToken stop)
    {
        await (_openLoop?.RunAsync(quota, stop) ?? ClosedLoop.RunAsync(_lanes, quota, stop)).ConfigureAwait(false);
        using CancellationTokenSource flushing = new();
        using CancellationTokenRegistration ending = stop.Register(() => flushing.CancelAfter(InterruptedFlush));
        try
        {
            await Task.WhenAll(_lanes.Select(lane => lane.FlushAsync(flushing.Token))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (flushing.IsCancellationRequested)
        {
            // What is acknowledged by now is what was measured.
        }

        _stop.ThrowIfFailed();
    }

    /// <summary>Counts from here on.</summary>
    public void BeginAnew()
    {
        Acknowledged.Clear();
        _recordsBefore = _lanes.Sum(lane => lane.AppendedCount);
        _bytesBefore = _lanes.Sum(lane => lane.AppendedBytes);
        _refusalsBefore = _lanes.Sum(lane => lane.RefusalsCount);
    }

    /// <summary>What was stored since <see cref="BeginAnew"/>.</summary>
    /// <param name="startNs">When the clock started.</param>
    public FlowResult Flow(long startNs)
    {
        long records = Acknowledged.RecordsCount;
        return new FlowResult
        {
            ClientsCount = _lanes.Count,
            RecordsCount = records,
            BytesCount = (long)Math.Round(records * MeanValueBytes),
            BatchesCount = Acknowledged.BatchesCount,
            Seconds = records == 0 ? 0 : (Acknowledged.LastAtNs - startNs) / 1e9,
        };
    }

    /// <summary>How well the times of an open loop were kept; null for a closed one.</summary>
    public PacingSummary? Pacing() => _openLoop?.Summary(_lanes.Sum(lane => lane.RefusalsCount) - _refusalsBefore);

    public async ValueTask DisposeAsync()
    {
        foreach (ProducerLane lane in _lanes)
        {
            await lane.DisposeAsync().ConfigureAwait(false);
        }
    }
}
