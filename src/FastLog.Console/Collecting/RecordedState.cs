using System.Diagnostics.Metrics;
using FastLog.WebConsole.Exposition;

namespace FastLog.WebConsole.Collecting;

/// <summary>
/// Counters and gauges that are told of every change, by their tags. For what happens seldom: hot paths keep plain
/// numbers that are observed.
/// </summary>
internal sealed class RecordedState(Instrument instrument) : InstrumentState(instrument)
{
    /// <summary>More sets of tags than this are not told apart from each other any more: they are left out.</summary>
    private const int SeriesMax = 1000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, double> _values = new(StringComparer.Ordinal);
    private readonly bool _adds = !IsGauge(instrument);

    public override void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = PrometheusNames.Labels([.. InstrumentTags, .. tags]);
        lock (_gate)
        {
            if (_values.TryGetValue(labels, out double before) || _values.Count < SeriesMax)
            {
                _values[labels] = _adds ? before + value : value;
            }
        }
    }

    public override void AddTo(List<MetricSeries> series)
    {
        lock (_gate)
        {
            series.AddRange(_values.Select(entry => new MetricSeries(entry.Key, entry.Value)));
        }
    }

    private static bool IsGauge(Instrument instrument) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(Gauge<>);
}
