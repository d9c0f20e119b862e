using System.Buffers;
using System.Globalization;
using System.Text;

namespace FastLog.WebConsole.Exposition;

/// <summary>
/// Writes families in Prometheus' text format, version 0.0.4: HELP, TYPE, then one line per series, of a histogram its
/// cumulated buckets, sum and count. Knows nothing of where the bytes go.
/// </summary>
internal sealed class PrometheusTextWriter(IBufferWriter<byte> output)
{
    /// <summary>The format's media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const int NumberBytesMax = 32;

    /// <summary>Writes a family with all its series; one without series is left out.</summary>
    public void Write(MetricFamily family)
    {
        if (family.Series.Count == 0)
        {
            return;
        }

        if (family.Help.Length > 0)
        {
            string help = family.Help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            Text("# HELP ").Text(family.Name).Text(" ").Text(help).Text("\n");
        }

        Text("# TYPE ").Text(family.Name).Text(" ").Text(NameOf(family.Kind)).Text("\n");
        foreach (MetricSeries series in family.Series)
        {
            if (series.Histogram is { } histogram)
            {
                WriteHistogram(family.Name, series, histogram);
            }
            else
            {
                Line(family.Name, "", series.Labels, series.Value);
            }
        }
    }

    private static string NameOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };

    private void WriteHistogram(string name, in MetricSeries series, HistogramCounts histogram)
    {
        long count = 0;
        for (int i = 0; i < histogram.Counts.Count; i++)
        {
            count += histogram.Counts[i];
            Text(name).Text("_bucket{").Text(series.Labels).Text(series.Labels.Length > 0 ? ",le=\"" : "le=\"");
            Number(i < histogram.Bounds.Count ? histogram.Bounds[i] : double.PositiveInfinity);
            Text("\"} ").Number(count).Text("\n");
        }

        Line(name, "_sum", series.Labels, series.Value);
        Line(name, "_count", series.Labels, count);
    }

    private void Line(string name, string ending, string labels, double value)
    {
        Text(name).Text(ending);
        if (labels.Length > 0)
        {
            Text("{").Text(labels).Text("}");
        }

        Text(" ").Number(value).Text("\n");
    }

    private PrometheusTextWriter Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return Text(double.IsNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf");
        }

        value.TryFormat(output.GetSpan(NumberBytesMax), out int written, provider: CultureInfo.InvariantCulture);
        output.Advance(written);
        return this;
    }

    private PrometheusTextWriter Text(string text)
    {
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
        return this;
    }
}
