using FastLog.WebConsole.Exposition;

namespace FastLog.WebConsole.Tests.Exposition;

public sealed class PrometheusNamesTests
{
    [Theory]
    [InlineData("fastlog.request", "s", MetricKind.Histogram, "fastlog_request_seconds")]
    [InlineData("fastlog.topic.received", "By", MetricKind.Counter, "fastlog_topic_received_bytes_total")]
    [InlineData("fastlog.connections.open", null, MetricKind.Gauge, "fastlog_connections_open")]
    [InlineData("dotnet.gc.collections", "{collection}", MetricKind.Counter, "dotnet_gc_collections_total")]
    [InlineData("a.b_seconds", "s", MetricKind.Counter, "a_b_seconds_total")]
    [InlineData("errors.total", null, MetricKind.Counter, "errors_total")]
    [InlineData("9 lives-é", null, MetricKind.Gauge, "__lives__")]
    public void A_name_ends_with_its_unit_and_a_counter_with_total(
        string instrument, string? unit, object kind, string expected) =>
        Assert.Equal(expected, PrometheusNames.Of(instrument, unit, (MetricKind)kind));

    [Fact]
    public void Label_values_are_escaped_and_keep_their_letters() =>
        Assert.Equal(
            "path_name=\"C:\\\\x\",quote=\"\\\"\",line=\"a\\nb\",word=\"ü\",number=\"7\",none=\"\"",
            PrometheusNames.Labels(
            [
                new("path.name", "C:\\x"), new("quote", "\""), new("line", "a\nb"), new("word", "ü"), new("number", 7), new("none", null),
            ]));
}
