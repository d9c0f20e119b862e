using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Tests.Assignors;

public sealed class TopicPartitionSetTests
{
    private static readonly Guid A = new("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid B = new("00000000-0000-0000-0000-00000000000b");

    [Fact]
    public void Order_and_repetition_do_not_matter()
    {
        var one = new TopicPartitionSet.Builder().Add(B, 1).Add(A, 3, 1, 2, 1).Build();
        var other = TopicPartitionSet.Of(A, 2).Union(TopicPartitionSet.Of(B, 1)).Union(TopicPartitionSet.Of(A, 1, 3));

        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.Equal(4, one.Count);
        Assert.Equal([A, B], one.Topics.Select(topic => topic.TopicId));
        Assert.Equal<int>([1, 2, 3], one.PartitionsOf(A));
    }

    [Fact]
    public void An_empty_set_is_the_empty_set()
    {
        Assert.Same(TopicPartitionSet.Empty, TopicPartitionSet.Of(A));
        Assert.Same(TopicPartitionSet.Empty, TopicPartitionSet.Of(A, 1).Except(TopicPartitionSet.Of(A, 1)));
        Assert.Same(TopicPartitionSet.Empty, TopicPartitionSet.Of(A, 1).Intersect(TopicPartitionSet.Of(B, 1)));
        Assert.True(TopicPartitionSet.Empty.IsEmpty);
        Assert.Empty(TopicPartitionSet.Empty.PartitionsOf(A));
    }

    [Fact]
    public void What_changes_nothing_returns_the_same_set()
    {
        var set = TopicPartitionSet.Of(A, 1, 2);

        Assert.Same(set, set.Union(TopicPartitionSet.Of(A, 2)));
        Assert.Same(set, set.Union(TopicPartitionSet.Empty));
        Assert.Same(set, set.Intersect(TopicPartitionSet.Of(A, 1, 2, 3)));
        Assert.Same(set, set.Except(TopicPartitionSet.Of(B, 1)));
    }

    [Fact]
    public void Sets_differ_by_topic_and_by_partition()
    {
        var set = TopicPartitionSet.Of(A, 1);

        Assert.NotEqual(set, TopicPartitionSet.Of(B, 1));
        Assert.NotEqual(set, TopicPartitionSet.Of(A, 2));
        Assert.NotEqual(set, TopicPartitionSet.Of(A, 1, 2));
        Assert.False(set.Equals(null));
    }

    [Fact]
    public void Operations_do_what_they_do_on_plain_sets()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            HashSet<(Guid, int)> left = Random(random), right = Random(random);
            TopicPartitionSet first = SetOf(left), second = SetOf(right);

            Check(seed, left.Union(right), first.Union(second));
            Check(seed, left.Intersect(right), first.Intersect(second));
            Check(seed, left.Except(right), first.Except(second));
            Assert.True(left.Overlaps(right) == first.Overlaps(second), $"seed {seed}");
            Assert.True(left.IsSupersetOf(right) == first.ContainsAll(second), $"seed {seed}");
            Assert.True(left.SetEquals(right) == first.Equals(second), $"seed {seed}");
        }
    }

    private static void Check(int seed, IEnumerable<(Guid Topic, int Partition)> expected, TopicPartitionSet actual)
    {
        var partitions = expected.ToHashSet();
        Assert.True(actual.Equals(SetOf(partitions)), $"seed {seed}: {actual}");
        Assert.True(actual.Count == partitions.Count, $"seed {seed}: {actual}");
        Assert.True(partitions.All(p => actual.Contains(p.Topic, p.Partition)), $"seed {seed}: {actual}");
        Assert.DoesNotContain(actual.Topics, topic => topic.Partitions.IsEmpty);
    }

    private static HashSet<(Guid, int)> Random(Random random) =>
        [.. Enumerable.Range(0, random.Next(12)).Select(_ => (random.Next(2) == 0 ? A : B, random.Next(5)))];

    private static TopicPartitionSet SetOf(IEnumerable<(Guid Topic, int Partition)> partitions)
    {
        var builder = new TopicPartitionSet.Builder();
        foreach (var (topic, partition) in partitions)
        {
            builder.Add(topic, partition);
        }

        return builder.Build();
    }
}
