using System.Buffers;
using System.Text;
using FastLog.WebConsole.Exposition;

namespace FastLog.WebConsole.Tests.Exposition;

public sealed class PrometheusTextWriterTests
{
    [Fact]
    public void A_counter_has_help_type_and_a_line_per_series() =>
        AssertText(
            """
            # HELP bytes_total Bytes in.
            # TYPE bytes_total counter
            bytes_total{topic="a"} 1
            bytes_total{topic="b"} 12345678901

            """,
            new MetricFamily("bytes_total", "Bytes in.", MetricKind.Counter, [new("topic=\"a\"", 1), new("topic=\"b\"", 12345678901)]));

    [Fact]
    public void A_series_without_labels_has_no_braces_and_a_family_without_help_no_help() =>
        AssertText("# TYPE up gauge\nup 0.5\n", new MetricFamily("up", "", MetricKind.Gauge, [new("", 0.5)]));

    [Fact]
    public void A_family_without_series_is_left_out() =>
        AssertText("", new MetricFamily("nothing", "Nothing.", MetricKind.Gauge, []));

    [Fact]
    public void Help_is_kept_on_one_line() =>
        AssertText(
            "# HELP x a\\\\b\\nc \"d\"\n# TYPE x gauge\nx 1\n",
            new MetricFamily("x", "a\\b\nc \"d\"", MetricKind.Gauge, [new("", 1)]));

    [Theory]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(-0.25, "-0.25")]
    [InlineData(1e21, "1E+21")]
    [InlineData(0.1 + 0.2, "0.30000000000000004")]
    public void Numbers_are_written_as_prometheus_reads_them(double value, string expected) =>
        AssertText($"# TYPE x gauge\nx {expected}\n", new MetricFamily("x", "", MetricKind.Gauge, [new("", value)]));

    [Fact]
    public void A_histograms_buckets_are_cumulated_and_end_with_infinity() =>
        AssertText(
            """
            # HELP t_seconds Time.
            # TYPE t_seconds histogram
            t_seconds_bucket{api="x",le="0.001"} 2
            t_seconds_bucket{api="x",le="0.5"} 2
            t_seconds_bucket{api="x",le="1"} 5
            t_seconds_bucket{api="x",le="+Inf"} 9
            t_seconds_sum{api="x"} 12.5
            t_seconds_count{api="x"} 9

            """,
            new MetricFamily("t_seconds", "Time.", MetricKind.Histogram, [new("api=\"x\"", 12.5, new([0.001, 0.5, 1], [2, 0, 3, 4]))]));

    [Fact]
    public void A_histogram_without_labels_has_only_the_bound() =>
        AssertText(
            "# TYPE n histogram\nn_bucket{le=\"1\"} 0\nn_bucket{le=\"+Inf\"} 1\nn_sum 7\nn_count 1\n",
            new MetricFamily("n", "", MetricKind.Histogram, [new("", 7, new([1], [0, 1]))]));

    private static void AssertText(string expected, MetricFamily family)
    {
        var output = new ArrayBufferWriter<byte>();
        new PrometheusTextWriter(output).Write(family);
        Assert.Equal(expected, Encoding.UTF8.GetString(output.WrittenSpan));
    }
}
