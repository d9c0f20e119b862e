using FastLog.Load.Measuring;

namespace FastLog.Load.Tests.Measuring;

public sealed class LatencyRecorderTests
{
    [Fact]
    public void Intervals_have_their_own_and_the_total_has_all()
    {
        LatencyRecorder recorder = new();
        recorder.Record(100);
        recorder.Record(200);
        Assert.Equal((2L, 200L), CountAndMax(recorder.EndInterval()));
        recorder.Record(50, times: 3);
        Assert.Equal((3L, 50L), CountAndMax(recorder.EndInterval()));
        Assert.Equal((0L, 0L), CountAndMax(recorder.EndInterval()));
        recorder.Record(300);
        Assert.Equal((6L, 300L), CountAndMax(recorder.Total()));
        recorder.Clear();
        Assert.Equal((0L, 0L), CountAndMax(recorder.Total()));
    }

    [Fact]
    public void Each_token_is_the_time_that_a_latency_counts_from()
    {
        LatencyRecorder recorder = new();
        recorder.RecordSince([100, 100, 100, 250, 400], nowNs: 350);
        LatencyHistogram total = recorder.Total();
        // The last is later than now: two clocks read on two CPUs.
        Assert.Equal((5L, 0L, 250L, 250L), (total.Count, total.Min, total.Percentile(50), total.Max));
        Assert.Equal(100, total.Percentile(40));
    }

    [Fact]
    public async Task Nothing_is_lost_between_intervals_while_others_record()
    {
        const int Each = 20_000;
        LatencyRecorder recorder = new();
        Task[] recording = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                recorder.Record(i);
            }
        }))];
        Task all = Task.WhenAll(recording);
        long inIntervals = 0;
        while (!all.IsCompleted)
        {
            inIntervals += recorder.EndInterval().Count;
        }

        await all;
        inIntervals += recorder.EndInterval().Count;
        Assert.Equal((3L * Each, 3L * Each), (inIntervals, recorder.Total().Count));
    }

    private static (long Count, long Max) CountAndMax(LatencyHistogram histogram) => (histogram.Count, histogram.Max);
}
