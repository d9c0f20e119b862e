using FastLog.Load.Measuring;

namespace FastLog.Load.Tests.Measuring;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void An_empty_histogram_has_no_values()
    {
        LatencyHistogram histogram = new();
        Assert.Equal((0L, 0L, 0L, 0.0, 0L), (histogram.Count, histogram.Min, histogram.Max, histogram.Mean, histogram.Percentile(99)));
    }

    [Fact]
    public void Values_below_512_are_exact()
    {
        LatencyHistogram histogram = new();
        for (int value = 0; value < 512; value++)
        {
            histogram.Record(value);
        }

        for (int rank = 1; rank <= 512; rank++)
        {
            Assert.Equal(rank - 1, histogram.Percentile(rank * 100.0 / 512));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(1L << 40)]
    [InlineData((1L << 40) - 1)]
    [InlineData(long.MaxValue)]
    public void A_lone_value_is_every_percentile(long value)
    {
        LatencyHistogram histogram = new();
        histogram.Record(value);
        Assert.All([0.0, 50.0, 99.99, 100.0], percent => Assert.Equal(value, histogram.Percentile(percent)));
        Assert.Equal((1L, value, value), (histogram.Count, histogram.Min, histogram.Max));
    }

    [Theory]
    [InlineData(20261121)]
    [InlineData(7)]
    public void Percentiles_are_never_too_low_and_within_the_stated_error(int seed)
    {
        Random random = new(seed);
        LatencyHistogram histogram = new();
        // All magnitudes equally often, so that every range of buckets is hit.
        long[] values = [.. Enumerable.Range(0, 20_000).Select(_ => random.NextInt64() >> random.Next(63))];
        Array.ForEach(values, value => histogram.Record(value));
        Array.Sort(values);
        foreach (double percent in new[] { 0.0, 0.5, 10, 25, 50, 75, 90, 99, 99.9, 99.99, 100 })
        {
            long exact = values[Math.Max(1, (int)Math.Ceiling(percent / 100 * values.Length)) - 1];
            long found = histogram.Percentile(percent);
            Assert.True(found >= exact, $"seed {seed}, p{percent}: {found} is below {exact}");
            Assert.True(
                found - exact <= exact * LatencyHistogram.RelativeErrorMax, $"seed {seed}, p{percent}: {found} for {exact}");
        }
    }

    [Fact]
    public void A_value_counted_many_times_weighs_as_many()
    {
        LatencyHistogram histogram = new();
        histogram.Record(10, 99);
        histogram.Record(200, 1);
        Assert.Equal((100L, 10L, 10L, 200L), (histogram.Count, histogram.Percentile(50), histogram.Percentile(99), histogram.Percentile(100)));
        Assert.Equal(11.9, histogram.Mean, 9);
    }

    [Fact]
    public void The_mean_of_huge_values_does_not_overflow()
    {
        LatencyHistogram histogram = new();
        histogram.Record(long.MaxValue, 1_000);
        Assert.Equal((double)long.MaxValue, histogram.Mean);
    }

    [Theory]
    [InlineData(3)]
    public void Adding_is_the_same_as_recording_in_one(int seed)
    {
        Random random = new(seed);
        LatencyHistogram all = new();
        LatencyHistogram[] parts = [new(), new(), new()];
        for (int i = 0; i < 1_000; i++)
        {
            long value = random.NextInt64(1L << random.Next(1, 50));
            all.Record(value);
            parts[random.Next(2)].Record(value);
        }

        LatencyHistogram sum = new();
        Array.ForEach(parts, sum.Add);
        Assert.Equal((all.Count, all.Min, all.Max, all.Mean), (sum.Count, sum.Min, sum.Max, sum.Mean));
        Assert.All([1.0, 50.0, 99.0, 99.9], percent => Assert.Equal(all.Percentile(percent), sum.Percentile(percent)));
    }

    [Fact]
    public void What_cannot_be_a_duration_is_refused()
    {
        LatencyHistogram histogram = new();
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Record(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Record(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Percentile(100.1));
        Assert.Equal(0, histogram.Count);
    }

    [Fact]
    public void Recording_allocates_nothing()
    {
        LatencyHistogram histogram = new();
        histogram.Record(1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (long value = 0; value < 10_000; value++)
        {
            histogram.Record(value * value);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
