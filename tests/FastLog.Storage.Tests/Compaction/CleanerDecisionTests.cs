using System.Text;

namespace FastLog.Storage.Tests;

/// <summary>The cleaner's pure parts.</summary>
public sealed class CleanerDecisionTests
{
    private static readonly LogConfig Config = new() { IsCompacted = true };

    /// <summary>Five segments of ten offsets and a hundred bytes, a thousand ms apart; the last one is active.</summary>
    private static SegmentSummary[] Segments() =>
        [.. Enumerable.Range(0, 5).Select(i => new SegmentSummary(i * 10, i * 10 + 10, 100, 8, (i + 1) * 1000, i * 1000 + 1))];

    private static CleanableRange Range(long cleaned = 0, long start = 0, long bound = 100, LogConfig? config = null, long nowMs = 10_000) =>
        CleanableRange.Of(Segments(), cleaned, start, bound, config ?? Config, nowMs);

    [Fact]
    public void The_range_ends_before_the_active_segment_and_the_one_with_the_bound()
    {
        Assert.Equal((0, 40, 0, 400), Ends(Range()));
        Assert.Equal((0, 20, 0, 200), Ends(Range(bound: 29)));
        Assert.Equal((0, 30, 0, 300), Ends(Range(bound: 30)));
        Assert.True(Range(bound: 9).IsEmpty);
    }

    [Fact]
    public void The_dirty_part_starts_at_the_checkpoint_unless_that_cannot_be_this_logs()
    {
        Assert.Equal((20, 40, 200, 200), Ends(Range(cleaned: 20)));
        Assert.Equal((25, 40, 200, 200), Ends(Range(cleaned: 25)));
        Assert.Equal((0, 40, 0, 400), Ends(Range(cleaned: 45)));
        Assert.Equal((15, 40, 100, 300), Ends(Range(cleaned: 5, start: 15)));
        Assert.True(Range(cleaned: 40).IsEmpty);
    }

    private static (long, long, long, long) Ends(CleanableRange range) =>
        (range.FirstDirtyOffset, range.EndOffset, range.CleanBytes, range.DirtyBytes);

    [Fact]
    public void A_log_is_due_above_its_ratio_or_when_a_record_is_overdue()
    {
        Assert.False(Range(cleaned: 20).IsDue(Config));
        Assert.True(Range(cleaned: 10).IsDue(Config));
        Assert.True(Range(cleaned: 20).IsDue(Config with { MinCleanableDirtyRatio = 0.49 }));
        Assert.False(Range(cleaned: 20, config: Config with { MaxCompactionLagMs = 7999 }, nowMs: 10_000).IsDue(Config));
        Assert.True(Range(cleaned: 20, config: Config with { MaxCompactionLagMs = 7998 }, nowMs: 10_000).IsDue(Config));
        Assert.False(Range(cleaned: 40, config: Config with { MaxCompactionLagMs = 1 }).IsDue(Config));
    }

    [Fact]
    public void A_segment_with_records_younger_than_the_least_lag_ends_the_range()
    {
        LogConfig config = Config with { MinCompactionLagMs = 500 };
        Assert.Equal(20, Range(config: config, nowMs: 3400).EndOffset);
        Assert.Equal(30, Range(config: config, nowMs: 3500).EndOffset);
        Assert.Equal((0, 20, 0, 200), Ends(Range(config: config, nowMs: 3400)));
    }

    [Fact]
    public void Groups_keep_within_segment_size_index_size_and_offset_range()
    {
        SegmentSummary[] segments = Segments();
        Assert.Equal([0..2, 2..4, 4..5], SegmentGroups.Of(segments, 250, 1000));
        Assert.Equal([0..5], SegmentGroups.Of(segments, 500, 40));
        Assert.Equal([0..4, 4..5], SegmentGroups.Of(segments, 500, 39));
        Assert.Equal([0..1, 1..2, 2..3, 3..4, 4..5], SegmentGroups.Of(segments, 10, 1000));
        segments[2] = segments[2] with { NextOffset = int.MaxValue + 1L };
        segments[3] = segments[3] with { BaseOffset = int.MaxValue + 1L, NextOffset = int.MaxValue + 2L };
        Assert.Equal([0..3, 3..4], SegmentGroups.Of(segments.AsSpan(0, 4), 5000, 1000));
    }

    [Fact]
    public void The_map_knows_the_newest_offset_of_as_many_keys_as_fit()
    {
        using KeyOffsetMap map = new();
        Random random = new(3);
        Dictionary<string, long> model = [];
        for (int round = 0; round < 3; round++)
        {
            map.Reset(5000, KeyOffsetMap.SlotBytes * 2000, 0.75);
            model.Clear();
            for (long offset = 0; ; offset++)
            {
                string key = $"{random.Next(4000)}";
                bool isTaken = map.TryPut(Encoding.UTF8.GetBytes(key), offset);
                Assert.Equal(isTaken, model.Count < 1500);
                if (!isTaken)
                    break;
                model[key] = offset;
                Assert.Equal(offset, map.LatestOffset);
            }
            Assert.Equal(1500, map.Count);
            for (int key = 0; key < 4000; key++)
                Assert.Equal(model.GetValueOrDefault($"{key}", -1), map.Get(Encoding.UTF8.GetBytes($"{key}")));
        }
    }

    [Fact]
    public void The_map_takes_no_more_memory_than_its_keys_need_and_always_one_key()
    {
        using KeyOffsetMap map = new();
        map.Reset(keysMax: 3, bytesMax: long.MaxValue, loadFactor: 0.9);
        foreach (string key in new[] { "a", "b", "" })
            Assert.True(map.TryPut(Encoding.UTF8.GetBytes(key), 1));
        Assert.True(map.TryPut("c"u8, 2) && !map.TryPut("d"u8, 2));
        map.Reset(keysMax: 100, bytesMax: 0, loadFactor: 0.01);
        Assert.True(map.TryPut("a"u8, 5));
        Assert.False(map.TryPut("b"u8, 6));
        Assert.Equal((5, -1), (map.Get("a"u8), map.Get("b"u8)));
    }

    [Fact]
    public void The_throttle_asks_for_the_time_that_the_bytes_take()
    {
        Clock clock = new();
        CleanerThrottle throttle = new(1000, clock);
        Assert.Equal(TimeSpan.Zero, throttle.Take(300));
        Assert.Equal(TimeSpan.FromSeconds(0.5), throttle.Take(500));
        clock.Now += TimeSpan.FromSeconds(0.2);
        Assert.Equal(TimeSpan.FromSeconds(0.4), throttle.Take(100));
        clock.Now += TimeSpan.FromHours(1);
        Assert.Equal(TimeSpan.Zero, throttle.Take(300));
        Assert.Equal(TimeSpan.FromSeconds(1), throttle.Take(1000));
        Assert.Equal(TimeSpan.Zero, new CleanerThrottle(double.MaxValue, clock).Take(long.MaxValue));
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
