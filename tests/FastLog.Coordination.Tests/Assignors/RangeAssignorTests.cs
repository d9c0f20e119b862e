using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Tests.Assignors;

public sealed class RangeAssignorTests
{
    private static readonly Guid First = AssignorWorld.Topic(0);
    private static readonly Guid Second = AssignorWorld.Topic(1);

    private readonly RangeAssignor _range = new();
    private readonly AssignorWorld _world = new();

    [Fact]
    public void Members_get_neighbouring_partitions_the_first_ones_more()
    {
        _world.Grow(0, 7);
        Join("b");
        Join("a");
        Join("c");

        var result = _world.Apply(_range);

        Assert.Equal<int>([0, 1, 2], result.TargetOf("a").PartitionsOf(First));
        Assert.Equal<int>([3, 4], result.TargetOf("b").PartitionsOf(First));
        Assert.Equal<int>([5, 6], result.TargetOf("c").PartitionsOf(First));
    }

    [Fact]
    public void Topics_with_the_same_shape_and_subscribers_line_up()
    {
        _world.Grow(0, 5);
        _world.Grow(1, 5);
        Join("a");
        Join("b");

        var result = _world.Apply(_range);

        Assert.All(result.Members.Values, target => Assert.Equal<int>([.. target.PartitionsOf(First)], [.. target.PartitionsOf(Second)]));
    }

    [Fact]
    public void More_members_than_partitions_leave_some_without()
    {
        _world.Grow(0, 1);
        Join("a");
        Join("b");

        var result = _world.Apply(_range);

        Assert.Equal(TopicPartitionSet.Of(First, 0), result.TargetOf("a"));
        Assert.Same(TopicPartitionSet.Empty, result.TargetOf("b"));
    }

    [Fact]
    public void Only_subscribers_count_for_a_topic()
    {
        _world.Grow(0, 4);
        _world.Grow(1, 3);
        _world.Join("a", new HashSet<Guid> { First });
        _world.Join("b", new HashSet<Guid> { First, Second });
        _world.Join("c", new HashSet<Guid> { Second, AssignorWorld.Topic(9) });

        var result = _world.Apply(_range);

        Assert.Equal(TopicPartitionSet.Of(First, 0, 1), result.TargetOf("a"));
        Assert.Equal(TopicPartitionSet.Of(First, 2, 3).Union(TopicPartitionSet.Of(Second, 0, 1)), result.TargetOf("b"));
        Assert.Equal(TopicPartitionSet.Of(Second, 2), result.TargetOf("c"));
    }

    [Fact]
    public void A_static_member_keeps_its_place_under_another_member_id()
    {
        _world.Grow(0, 6);
        Join("x", "instance-1");
        Join("y", "instance-2");
        Join("a");
        var before = _world.Apply(_range);

        _world.Members.Remove("x");
        Join("zzz", "instance-1");
        var after = _world.Apply(_range);

        Assert.Equal<int>([0, 1], before.TargetOf("x").PartitionsOf(First));
        Assert.Equal(before.TargetOf("x"), after.TargetOf("zzz"));
        Assert.Same(before.TargetOf("y"), after.TargetOf("y"));
        Assert.Equal<int>([4, 5], after.TargetOf("a").PartitionsOf(First));
    }

    [Fact]
    public void A_thousand_members_share_ten_thousand_partitions()
    {
        for (var topic = 0; topic < 10; topic++)
        {
            _world.Grow(topic, 1_000);
        }

        for (var member = 0; member < 1_000; member++)
        {
            Join($"m{member:d4}");
        }

        var result = _world.Apply(_range);
        _world.CheckOwners(result, "range");
        Assert.Equal<int>([17], result.TargetOf("m0017").PartitionsOf(First));
    }

    private void Join(string memberId, string? instanceId = null) =>
        _world.Join(memberId, _world.Topics.Keys.ToHashSet(), instanceId);
}
