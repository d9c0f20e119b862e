using System.Diagnostics.Metrics;
using FastLog.WebConsole.Exposition;

namespace FastLog.WebConsole.Collecting;

/// <summary>What is kept of one instrument's measurements between two looks at them.</summary>
internal abstract class InstrumentState(Instrument instrument)
{
    /// <summary>The family's name.</summary>
    public string Name { get; } = PrometheusNames.Of(instrument.Name, instrument.Unit, KindOf(instrument));

    /// <summary>One sentence about it.</summary>
    public string Help { get; } = instrument.Description ?? "";

    /// <summary>What kind of numbers it gives.</summary>
    public MetricKind Kind { get; } = KindOf(instrument);

    /// <summary>The tags that all its measurements have.</summary>
    protected IEnumerable<KeyValuePair<string, object?>> InstrumentTags { get; } = instrument.Tags ?? [];

    /// <summary>Takes one measurement; called by any thread.</summary>
    public abstract void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags);

    /// <summary>Forgets what is observed anew with every look.</summary>
    public virtual void BeginObserving()
    {
    }

    /// <summary>Adds the series as they are now.</summary>
    public abstract void AddTo(List<MetricSeries> series);

    /// <summary>The state that fits the instrument.</summary>
    public static InstrumentState For(Instrument instrument) =>
        KindOf(instrument) == MetricKind.Histogram ? new HistogramState(instrument)
            : instrument.IsObservable ? new ObservedState(instrument)
            : new RecordedState(instrument);

    private static MetricKind KindOf(Instrument instrument)
    {
        Type type = instrument.GetType();
        Type? general = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return general == typeof(Histogram<>) ? MetricKind.Histogram
            : general == typeof(Counter<>) || general == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
    }
}
