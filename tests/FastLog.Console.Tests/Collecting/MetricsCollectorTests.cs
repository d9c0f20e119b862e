using System.Diagnostics.Metrics;
using FastLog.WebConsole.Collecting;
using FastLog.WebConsole.Exposition;

namespace FastLog.WebConsole.Tests.Collecting;

public sealed class MetricsCollectorTests : IDisposable
{
    private readonly object _scope = new();
    private readonly Meter _meter;

    public MetricsCollectorTests() => _meter = new Meter(new MeterOptions("test") { Scope = _scope });

    [Fact]
    public void Only_the_meters_of_its_scope_and_of_the_runtime_are_shown()
    {
        using var other = new Meter(new MeterOptions("test") { Scope = new object() });
        _meter.CreateObservableGauge("mine", () => 1);
        other.CreateObservableGauge("theirs", () => 1);
        using var collector = new MetricsCollector(_scope, new KeptLog());

        string[] names = [.. collector.Collect().Select(family => family.Name)];

        Assert.Contains("mine", names);
        Assert.DoesNotContain("theirs", names);
        Assert.Contains("dotnet_gc_collections_total", names);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }

    [Fact]
    public void Instruments_of_one_name_are_one_family_in_the_order_of_their_labels()
    {
        _meter.CreateObservableCounter("c", () => new Measurement<long>[] { new(2, Tag("b")), new(1, Tag("a")) });
        _meter.CreateHistogram<long>("h", null, null, [Tag("b")]).Record(1);
        using var collector = new MetricsCollector(_scope, new KeptLog());
        _meter.CreateHistogram<long>("h", null, null, [Tag("b")]).Record(1);
        _meter.CreateHistogram<long>("h", null, null, [Tag("a")]).Record(1);

        IReadOnlyList<MetricFamily> families = collector.Collect();

        Assert.Equal(["t=\"a\"", "t=\"b\""], Find(families, "c_total").Series.Select(series => series.Labels));
        Assert.Equal(["t=\"a\"", "t=\"b\""], Find(families, "h").Series.Select(series => series.Labels));
        Assert.Equal(2, Find(collector.Collect(), "c_total").Series.Count);
    }

    [Fact]
    public void Counters_add_up_and_gauges_keep_the_last_value_by_their_tags()
    {
        using var collector = new MetricsCollector(_scope, new KeptLog());
        Counter<int> counter = _meter.CreateCounter<int>("n");
        Gauge<double> gauge = _meter.CreateGauge<double>("g");
        counter.Add(2, Tag("a"));
        counter.Add(3, Tag("a"));
        counter.Add(5, Tag("b"));
        gauge.Record(2);
        gauge.Record(1.5);

        IReadOnlyList<MetricFamily> families = collector.Collect();

        Assert.Equal([5.0, 5.0], Find(families, "n_total").Series.Select(series => series.Value));
        Assert.Equal(1.5, Assert.Single(Find(families, "g").Series).Value);
    }

    [Fact]
    public void An_instrument_that_fails_is_told_of_and_costs_no_other()
    {
        var log = new KeptLog();
        _meter.CreateObservableGauge<int>("bad", new Func<int>(() => throw new InvalidOperationException("gone")));
        _meter.CreateObservableGauge("good", () => 7);
        using var collector = new MetricsCollector(_scope, log);

        IReadOnlyList<MetricFamily> families = collector.Collect();

        Assert.Equal(7, Assert.Single(Find(families, "good").Series).Value);
        Assert.Empty(Find(families, "bad").Series);
        Assert.Single(log.Lines);
    }

    [Fact]
    public void A_meter_that_ends_takes_its_families_along()
    {
        using var collector = new MetricsCollector(_scope, new KeptLog());
        var meter = new Meter(new MeterOptions("short") { Scope = _scope });
        meter.CreateObservableGauge("short.lived", () => 1);
        Assert.Contains(collector.Collect(), family => family.Name == "short_lived");

        meter.Dispose();

        Assert.DoesNotContain(collector.Collect(), family => family.Name == "short_lived");
    }

    public void Dispose() => _meter.Dispose();

    private static KeyValuePair<string, object?> Tag(string value) => new("t", value);

    private static MetricFamily Find(IReadOnlyList<MetricFamily> families, string name) =>
        Assert.Single(families, family => family.Name == name);
}
