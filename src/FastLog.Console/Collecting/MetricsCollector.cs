using System.Diagnostics.Metrics;
using FastLog.WebConsole.Exposition;
using Microsoft.Extensions.Logging;

namespace FastLog.WebConsole.Collecting;

/// <summary>
/// Listens to the instruments of one broker, which are those of the meters in its scope, and to the runtime's own meter.
/// From its start on histograms are recorded; everything else is asked for with each look.
/// </summary>
internal sealed class MetricsCollector : IDisposable
{
    /// <summary>The runtime's own meter.</summary>
    private const string RuntimeMeterName = "System.Runtime";

    /// <summary>
    /// What is taken of it: collections, pauses, heap, time spent compiling, contention. Not what <see cref="ProcessMetrics"/>
    /// has under Prometheus' usual names, nor the figures that it gives as counters although they go down.
    /// </summary>
    private static readonly HashSet<string> RuntimeInstruments =
    [
        "dotnet.gc.collections", "dotnet.gc.pause.time", "dotnet.gc.heap.total_allocated",
        "dotnet.gc.last_collection.heap.size", "dotnet.gc.last_collection.memory.committed_size",
        "dotnet.jit.compilation.time", "dotnet.monitor.lock_contentions", "dotnet.exceptions",
    ];

    // Lock order: the first, then whatever the listener has; the second is a leaf, taken inside of the listener's too.
    private readonly Lock _collecting = new();
    private readonly Lock _registry = new();
    private readonly Dictionary<Instrument, InstrumentState> _states = [];
    private readonly MeterListener _listener = new();
    private readonly object _scope;
    private readonly ILogger _logger;

    /// <summary>Starts to listen.</summary>
    /// <param name="scope">The scope of the broker's meters.</param>
    /// <param name="logger">Hears of instruments that fail when they are asked.</param>
    public MetricsCollector(object scope, ILogger logger)
    {
        _scope = scope;
        _logger = logger;
        _listener.InstrumentPublished = Register;
        _listener.MeasurementsCompleted = (instrument, _) => Forget(instrument);
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, state) => Take(value, tags, state));
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, state) => Take(value, tags, state));
        _listener.SetMeasurementEventCallback<int>(static (_, value, tags, state) => Take(value, tags, state));
        _listener.Start();
    }

    /// <summary>All families as they are now, in the order of their names, with their series in the order of their
    /// labels.</summary>
    public IReadOnlyList<MetricFamily> Collect()
    {
        lock (_collecting)
        {
            InstrumentState[] states = States();
            foreach (InstrumentState state in states)
            {
                state.BeginObserving();
            }

            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException failures)
            {
                _logger.LogWarning(failures, "Some metrics could not be read and are left out");
            }

            return [.. states
                .GroupBy(state => state.Name, StringComparer.Ordinal)
                .OrderBy(family => family.Key, StringComparer.Ordinal)
                .Select(FamilyOf)];
        }
    }

    /// <summary>Ends the listening: nobody records any more.</summary>
    public void Dispose() => _listener.Dispose();

    private static MetricFamily FamilyOf(IGrouping<string, InstrumentState> states)
    {
        List<MetricSeries> series = [];
        foreach (InstrumentState state in states)
        {
            state.AddTo(series);
        }

        series.Sort((one, other) => string.CompareOrdinal(one.Labels, other.Labels));
        InstrumentState first = states.First();
        return new MetricFamily(states.Key, first.Help, first.Kind, series);
    }

    private static void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state) =>
        ((InstrumentState)state!).Record(value, tags);

    private InstrumentState[] States()
    {
        lock (_registry)
        {
            return [.. _states.Values];
        }
    }

    private void Register(Instrument instrument, MeterListener listener)
    {
        bool isRuntime = instrument.Meter is { Name: RuntimeMeterName, Scope: null }
            && RuntimeInstruments.Contains(instrument.Name);
        if (!isRuntime && !ReferenceEquals(instrument.Meter.Scope, _scope))
        {
            return;
        }

        InstrumentState state = InstrumentState.For(instrument);
        lock (_registry)
        {
            _states[instrument] = state;
        }

        listener.EnableMeasurementEvents(instrument, state);
    }

    private void Forget(Instrument instrument)
    {
        lock (_registry)
        {
            _states.Remove(instrument);
        }
    }
}
