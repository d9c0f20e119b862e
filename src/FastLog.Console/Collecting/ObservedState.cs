using System.Diagnostics.Metrics;
using FastLog.WebConsole.Exposition;

namespace FastLog.WebConsole.Collecting;

/// <summary>What an observable instrument said when it was asked last. One look at a time.</summary>
internal sealed class ObservedState(Instrument instrument) : InstrumentState(instrument)
{
    private readonly List<MetricSeries> _observed = [];

    public override void BeginObserving() => _observed.Clear();

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _observed.Add(new MetricSeries(PrometheusNames.Labels([.. InstrumentTags, .. tags]), value));

    public override void AddTo(List<MetricSeries> series) => series.AddRange(_observed);
}
