using System.Diagnostics.Metrics;
using FastLog.WebConsole.Collecting;
using FastLog.WebConsole.Exposition;

namespace FastLog.WebConsole.Tests.Collecting;

public sealed class HistogramStateTests : IDisposable
{
    private static readonly double[] Bounds = [0.001, 0.01, 0.1, 1];

    private readonly object _scope = new();
    private readonly Meter _meter;
    private readonly Histogram<double> _histogram;

    public HistogramStateTests()
    {
        _meter = new Meter(new MeterOptions("test") { Scope = _scope });
        _histogram = _meter.CreateHistogram(
            "h", "s", "Help.", [new("api", "x")], new InstrumentAdvice<double> { HistogramBucketBoundaries = Bounds });
    }

    [Fact]
    public void Every_value_is_counted_once_in_the_first_bucket_whose_bound_it_does_not_exceed()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        using var collector = new MetricsCollector(_scope, new KeptLog());
        double[] values = [.. Enumerable.Range(0, 2_000).Select(_ => random.Next(4) == 0
            ? Bounds[random.Next(Bounds.Length)]
            : Math.Pow(10, (random.NextDouble() * 6) - 4))];

        foreach (double value in values)
        {
            _histogram.Record(value);
        }

        (double sum, HistogramCounts counts) = Read(collector);
        long[] expected = [.. Bounds.Select((bound, i) =>
            values.LongCount(value => value <= bound && (i == 0 || value > Bounds[i - 1])))];
        Assert.True(expected.SequenceEqual(counts.Counts.Take(Bounds.Length)), $"seed {seed}");
        Assert.True(values.LongCount(value => value > Bounds[^1]) == counts.Counts[^1], $"seed {seed}");
        Assert.Equal(values.Sum(), sum, tolerance: 1e-6);
        Assert.Equal(Bounds, counts.Bounds);
    }

    [Fact]
    public void Nothing_is_lost_between_threads()
    {
        const int threads = 4;
        const int each = 50_000;
        using var collector = new MetricsCollector(_scope, new KeptLog());

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            for (int i = 0; i < each; i++)
            {
                _histogram.Record(0.5);
            }
        });

        (double sum, HistogramCounts counts) = Read(collector);
        Assert.Equal(threads * each, counts.Counts.Sum());
        Assert.Equal(threads * each / 2, sum);
    }

    [Fact]
    public void A_recording_allocates_nothing()
    {
        using var collector = new MetricsCollector(_scope, new KeptLog());
        const int warmUp = 20_000;
        const int counted = 10_000;
        long allocated = 0;
        for (int i = 0; i < warmUp + counted; i++)
        {
            if (i == warmUp)
            {
                allocated = GC.GetAllocatedBytesForCurrentThread();
            }

            _histogram.Record(i * 1e-5);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.Equal(warmUp + counted, Read(collector).Counts.Counts.Sum());
    }

    [Fact]
    public void A_histogram_is_enabled_while_somebody_listens_and_shown_once_it_has_a_value()
    {
        Assert.False(_histogram.Enabled);
        using (var collector = new MetricsCollector(_scope, new KeptLog()))
        {
            Assert.True(_histogram.Enabled);
            Assert.Empty(Assert.Single(collector.Collect(), family => family.Name == "h_seconds").Series);
            _histogram.Record(1);
            Assert.Single(Assert.Single(collector.Collect(), family => family.Name == "h_seconds").Series);
        }

        Assert.False(_histogram.Enabled);
    }

    public void Dispose() => _meter.Dispose();

    private static (double Sum, HistogramCounts Counts) Read(MetricsCollector collector)
    {
        MetricSeries series = Assert.Single(Assert.Single(collector.Collect(), family => family.Name == "h_seconds").Series);
        Assert.Equal("api=\"x\"", series.Labels);
        return (series.Value, series.Histogram!);
    }
}
