using FastLog.Client;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands.Groups;

public class ResetTargetTests
{
    private static readonly TopicAndPartition Partition = new("t", 3);

    [Theory]
    [InlineData(50L, -20, 30)]
    [InlineData(50L, -500, 10)]
    [InlineData(50L, 500, 100)]
    [InlineData(50L, long.MaxValue, 100)]
    public void Shifting_stays_within_the_log_and_says_when_it_could_not(long current, long shift, long expected)
    {
        var reset = new ResetTarget(null, shift).Reset(Partition, current, asked: 0, (10, 100));
        Assert.Equal(("t", 3, (long?)current, expected), (reset.Topic, reset.Partition, reset.CurrentOffset, reset.NewOffset));
        Assert.Equal(shift != -20, reset.Note is not null);
    }

    [Fact]
    public void There_is_nothing_to_shift_from_without_a_committed_offset() =>
        Assert.Throws<FormatException>(() => new ResetTarget(null, 1).Reset(Partition, null, 0, (10, 100)));

    [Fact]
    public void A_time_after_the_last_record_is_the_end()
    {
        var reset = new ResetTarget(StartPosition.AtTimestamp(9), 0).Reset(Partition, 20, asked: -1, (10, 100));
        Assert.Equal((100, true), (reset.NewOffset, reset.Note is not null));
        Assert.Equal(42, new ResetTarget(StartPosition.AtTimestamp(9), 0).Reset(Partition, null, asked: 42, (10, 100)).NewOffset);
    }

    [Fact]
    public void Times_are_iso_or_milliseconds()
    {
        Assert.Equal(StartPosition.AtTimestamp(1_000), ResetTarget.Timestamp("1000"));
        Assert.Equal(StartPosition.AtTimestamp(1_000), ResetTarget.Timestamp("1970-01-01T00:00:01Z"));
        Assert.Throws<FormatException>(() => ResetTarget.Timestamp("end"));
    }

    [Fact]
    public void Topics_may_come_with_partitions()
    {
        Assert.Equal([0, 2], TopicPartitions.Parse("t:0,2").Partitions);
        Assert.Empty(TopicPartitions.Parse("t").Partitions);
        Assert.Throws<FormatException>(() => TopicPartitions.Parse("t:x"));
    }
}
