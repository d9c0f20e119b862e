namespace FastLog.Client.Tests.Producing;

public class StickyPartitionerTests
{
    [Fact]
    public void Stays_until_a_batch_worth_of_bytes_then_moves_on()
    {
        TopicMetadata topic = Topic(1, 1, 1);
        StickyPartitioner sticky = new(firstPartition: 2, switchAfterBytes: 100);
        Assert.Equal(2, sticky.Current(topic));
        sticky.Count(99, 3);
        Assert.Equal(2, sticky.Current(topic));
        sticky.Count(1, 3);
        Assert.Equal(0, sticky.Current(topic));
        sticky.Count(500, 3);
        Assert.Equal(1, sticky.Current(topic));
    }

    [Fact]
    public void Passes_over_partitions_without_a_leader()
    {
        StickyPartitioner sticky = new(firstPartition: 1, switchAfterBytes: 100);
        Assert.Equal(0, sticky.Current(Topic(7, -1, -1)));
    }

    [Fact]
    public void Takes_any_partition_when_none_has_a_leader()
    {
        StickyPartitioner sticky = new(firstPartition: 1, switchAfterBytes: 100);
        Assert.InRange(sticky.Current(Topic(-1, -1)), 0, 1);
    }

    private static TopicMetadata Topic(params int[] leaders) => new(
        "t",
        Guid.Empty,
        false,
        [.. leaders.Select((leader, index) => new PartitionMetadata(index, leader, 0, [], [], []))]);
}
