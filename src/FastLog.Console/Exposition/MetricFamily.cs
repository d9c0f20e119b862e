namespace FastLog.WebConsole.Exposition;

/// <summary>What kind of numbers a family has.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts by upper bound.</summary>
    Histogram,
}

/// <summary>All series of one name at one moment.</summary>
/// <param name="Name">The name in Prometheus' form, with its unit and without a histogram's endings.</param>
/// <param name="Help">One sentence; empty for none.</param>
/// <param name="Kind">What kind of numbers.</param>
/// <param name="Series">The series.</param>
internal sealed record MetricFamily(string Name, string Help, MetricKind Kind, IReadOnlyList<MetricSeries> Series);

/// <summary>One series at one moment.</summary>
/// <param name="Labels">The labels as they are written, without braces: see <see cref="PrometheusNames.Labels"/>.</param>
/// <param name="Value">The value; of a histogram the sum of all that was recorded.</param>
/// <param name="Histogram">The counts of a histogram.</param>
internal readonly record struct MetricSeries(string Labels, double Value, HistogramCounts? Histogram = null);

/// <summary>The counts of a histogram.</summary>
/// <param name="Bounds">Upper bounds of all buckets but the last, ascending.</param>
/// <param name="Counts">What each bucket holds, not cumulated; one more than bounds.</param>
internal sealed record HistogramCounts(IReadOnlyList<double> Bounds, IReadOnlyList<long> Counts);
