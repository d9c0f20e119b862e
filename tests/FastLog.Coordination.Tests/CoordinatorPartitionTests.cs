namespace FastLog.Coordination.Tests;

public sealed class CoordinatorPartitionTests
{
    // hash: what Java's String.hashCode gives; "polygenelubricants" is known for hashing to the smallest int.
    [Theory]
    [InlineData("", 0)]
    [InlineData("a", 97)]
    [InlineData("hello", 99_162_322)]
    [InlineData("Hello, World!", 1_498_789_909)]
    [InlineData("g-static", -488_683_884)]
    [InlineData("polygenelubricants", int.MinValue)]
    [InlineData("Aa", 2_112)]
    [InlineData("BB", 2_112)]
    [InlineData("é", 233)]
    [InlineData("😀", 1_772_899)]
    public void The_partition_follows_javas_hash_of_utf_16_units(string key, int hash)
    {
        foreach (var partitions in new[] { 1, 2, 7, 50, 1_000, int.MaxValue })
        {
            Assert.Equal(hash == int.MinValue ? 0 : Math.Abs(hash) % partitions, CoordinatorPartition.For(key, partitions));
        }
    }

    [Theory]
    [InlineData("console-consumer-12345", 50)]
    [InlineData("my-group", 50)]
    public void A_partition_is_always_one_of_the_topics(string key, int partitions) =>
        Assert.InRange(CoordinatorPartition.For(key, partitions), 0, partitions - 1);

    [Fact]
    public void Without_partitions_there_is_no_coordinator() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => CoordinatorPartition.For("g", 0));
}
