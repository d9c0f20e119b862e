using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Load.Results;

namespace FastLog.Load.Consuming;

/// <summary>All consumers of a load. They read from <see cref="StartAsync"/> on.</summary>
internal sealed class ConsumerFleet : IMeasuredFlow, IAsyncDisposable
{
    private static readonly TimeSpan IdleCheckPeriod = TimeSpan.FromMilliseconds(100);

    private readonly ConsumeSettings _settings;
    private readonly List<ConsumerLane> _lanes = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly LoadStop _stop;
    private Task _reading = Task.CompletedTask;
    private (long Records, long Bytes, long Parts) _before;

    private ConsumerFleet(ConsumeSettings settings, bool readsTimes, LoadStop stop)
    {
        _settings = settings;
        _stop = stop;
        EndToEnd = readsTimes ? new LatencyRecorder() : null;
    }

    public ConsumedCounts Counts { get; } = new();

    /// <summary>How long records were under way, in ns; null where that is not measured.</summary>
    public LatencyRecorder? EndToEnd { get; }

    public int PartitionsCount { get; private set; }

    /// <inheritdoc/>
    public LatencyRecorder? Latency => EndToEnd;

    /// <summary>Finds where to begin, connects, and begins to read.</summary>
    /// <param name="target">What to read.</param>
    /// <param name="settings">How.</param>
    /// <param name="readsTimes">Whether values begin with the time they were meant to be sent at.</param>
    /// <param name="stop">Ends the load.</param>
    public static async Task<ConsumerFleet> StartAsync(
        LoadTarget target, ConsumeSettings settings, bool readsTimes, LoadStop stop)
    {
        var starts = await PartitionStarts.FindAsync(target, settings.ReadsTail, stop.Token).ConfigureAwait(false);
        if (settings.ConsumersCount > starts.Count)
        {
            throw new LoadFailedException(
                $"{settings.ConsumersCount} consumers cannot share the {starts.Count} partitions of topic {target.Topic}");
        }

        ConsumerFleet fleet = new(settings, readsTimes, stop) { PartitionsCount = starts.Count };
        ConsumerOptions options = OptionsFor(target, settings);
        for (int i = 0; i < settings.ConsumersCount; i++)
        {
            var own = starts.Where((_, index) => index % settings.ConsumersCount == i);
            fleet._lanes.Add(new ConsumerLane(options, own, fleet.Counts, fleet.EndToEnd));
        }

        fleet._reading = Task.WhenAll(fleet._lanes.Select(fleet.ReadAsync));
        return fleet;
    }

    /// <summary>Waits until so many records were read in all, or the load is to end.</summary>
    /// <param name="phase">What for, as an error says it.</param>
    /// <param name="recordsCount">How many.</param>
    /// <param name="untilNs">Does not wait longer.</param>
    /// <exception cref="LoadFailedException">Nothing came for too long.</exception>
    public async Task ReachAsync(string phase, long recordsCount, long untilNs)
    {
        Task reached = Counts.ReachAsync(recordsCount);
        long startNs = MonotonicClock.NowNs;
        while (!_stop.Token.IsCancellationRequested && MonotonicClock.NowNs < untilNs)
        {
            long leftMs = (untilNs - MonotonicClock.NowNs) / 1_000_000;
            TimeSpan wait = TimeSpan.FromMilliseconds(Math.Clamp(leftMs, 1, IdleCheckPeriod.TotalMilliseconds));
            if (await Task.WhenAny(reached, Task.Delay(wait, CancellationToken.None)).ConfigureAwait(false) == reached)
            {
                break;
            }

            if (MonotonicClock.NowNs - Math.Max(startNs, Counts.LastAtNs) > _settings.IdleMsMax * 1_000_000L)
            {
                throw new LoadFailedException(
                    $"{phase}: {Counts.RecordsCount} of {recordsCount} records came, then nothing for {_settings.IdleMsMax} ms");
            }
        }

        _stop.ThrowIfFailed();
    }

    /// <summary>Counts from here on; <see cref="ReachAsync"/> still counts all.</summary>
    public void BeginAnew()
    {
        EndToEnd?.Clear();
        _before = (Counts.RecordsCount, Counts.BytesCount, Counts.PartsCount);
    }

    /// <summary>What was read since <see cref="BeginAnew"/>.</summary>
    /// <param name="startNs">When the clock started.</param>
    public FlowResult Flow(long startNs)
    {
        long records = Counts.RecordsCount - _before.Records;
        return new FlowResult
        {
            ClientsCount = _lanes.Count,
            RecordsCount = records,
            BytesCount = Counts.BytesCount - _before.Bytes,
            BatchesCount = Counts.PartsCount - _before.Parts,
            Seconds = records == 0 ? 0 : (Counts.LastAtNs - startNs) / 1e9,
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(false);
        foreach (ConsumerLane lane in _lanes)
        {
            await lane.DisposeAsync().ConfigureAwait(false);
        }

        _closing.Dispose();
    }

    private async Task ReadAsync(ConsumerLane lane)
    {
        try
        {
            await Task.Run(() => lane.RunAsync(_closing.Token), CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever ends a consumer ends the load, which shows it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _stop.Fail(e);
        }
    }

    private static ConsumerOptions OptionsFor(LoadTarget target, ConsumeSettings settings) => new()
    {
        BootstrapServers = target.BootstrapServers,
        ClientId = "fastlog-load",
        FetchMinBytes = settings.FetchMinBytes,
        FetchMaxWaitMs = settings.FetchMaxWaitMs,
        FetchMaxBytes = settings.FetchMaxBytes,
        MaxPartitionFetchBytes = settings.PartitionFetchMaxBytes,
    };
}
