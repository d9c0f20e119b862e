using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Tests.Assignors;

public sealed class UniformAssignorTests
{
    private readonly UniformAssignor _uniform = new();

    [Fact]
    public void Numbers_differ_by_one_at_most_and_each_topic_is_spread()
    {
        var world = new AssignorWorld();
        world.Grow(0, 3);
        world.Grow(1, 3);
        JoinAll(world, "a", "b", "c");

        var result = world.Apply(_uniform);

        Assert.All(result.Members.Values, target => Assert.Equal(2, target.Count));
        Assert.All(result.Members.Values, target => Assert.Equal(2, target.Topics.Length));
    }

    [Fact]
    public void With_one_subscription_no_partition_moves_that_could_stay()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var world = AssignorWorld.Random(random, homogeneous: true);
            world.Apply(_uniform);
            var subscription = world.Members.Values.First().SubscribedTopicIds;
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                if (random.Next(2) == 0 || world.Members.Count == 1)
                {
                    world.Join($"j{random.Next(1_000)}", subscription);
                }
                else
                {
                    world.Members.Remove(world.Members.Keys.ElementAt(random.Next(world.Members.Count)));
                }
            }

            var before = world.Members.ToDictionary(entry => entry.Key, entry => entry.Value.Assigned);
            var result = world.Apply(_uniform);

            var loads = result.Members.Values.Select(target => target.Count).ToArray();
            Assert.True(loads.Max() - loads.Min() <= 1, $"seed {seed}");
            var kept = result.Members.Sum(entry => entry.Value.Intersect(before[entry.Key]).Count);
            Assert.True(kept == KeepableMax([.. before.Values.Select(set => set.Count)], loads.Sum()), $"seed {seed}: {kept}");
        }
    }

    [Fact]
    public void With_different_subscriptions_no_chain_of_moves_would_even_out_more()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var world = AssignorWorld.Random(random, homogeneous: false);
            world.Apply(_uniform);
            world.Join("z", AssignorWorld.Subscription(random, 4));
            world.Grow(random.Next(4), 8);
            var result = world.Apply(_uniform);

            Assert.True(!CanBeEvenedOut(world, result), $"seed {seed}");
        }
    }

    [Fact]
    public void A_partition_goes_through_a_third_member_where_two_share_no_topic()
    {
        var world = new AssignorWorld();
        world.Grow(0, 4);
        world.Grow(1, 2);
        Guid first = AssignorWorld.Topic(0), second = AssignorWorld.Topic(1);
        world.Join("a", new HashSet<Guid> { first });
        world.Join("b", new HashSet<Guid> { first, second });
        world.Apply(_uniform);
        world.Join("c", new HashSet<Guid> { second });

        var result = world.Apply(_uniform);

        Assert.All(result.Members.Values, target => Assert.Equal(2, target.Count));
        Assert.Equal<int>([0, 1], result.TargetOf("c").PartitionsOf(second));
    }

    [Fact]
    public void What_two_members_claim_stays_with_one()
    {
        var world = new AssignorWorld();
        world.Grow(0, 2);
        HashSet<Guid> topics = [AssignorWorld.Topic(0)];
        var claimed = TopicPartitionSet.Of(AssignorWorld.Topic(0), 0, 1, 7, -1);
        world.Members["a"] = new MemberSpec { SubscribedTopicIds = topics, Assigned = claimed };
        world.Members["b"] = new MemberSpec { SubscribedTopicIds = topics, Assigned = claimed };

        world.CheckOwners(world.Apply(_uniform), "claimed twice");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_thousand_members_share_ten_thousand_partitions(bool homogeneous)
    {
        var world = new AssignorWorld();
        for (var topic = 0; topic < 100; topic++)
        {
            world.Grow(topic, 100);
        }

        for (var member = 0; member < 1_000; member++)
        {
            world.Join($"m{member:d4}", Enumerable.Range(0, 100).Where(topic => homogeneous || topic % 10 != member % 7)
                .Select(AssignorWorld.Topic).ToHashSet());
        }

        var result = world.Apply(_uniform);
        world.CheckOwners(result, "at first");
        Assert.All(result.Members.Values, target => Assert.Equal(10, target.Count));

        world.Members.Remove("m0500");
        var before = result;
        result = world.Apply(_uniform);
        world.CheckOwners(result, "after one left");
        Assert.Equal(10, result.Members.Sum(entry => entry.Value.Except(before.Members[entry.Key]).Count));
    }

    private static void JoinAll(AssignorWorld world, params string[] memberIds)
    {
        foreach (var memberId in memberIds)
        {
            world.Join(memberId, world.Topics.Keys.ToHashSet());
        }
    }

    /// <summary>How many partitions can stay at best: the larger shares go to members that can fill them.</summary>
    private static int KeepableMax(int[] before, int partitionsCount)
    {
        var (share, larger) = Math.DivRem(partitionsCount, before.Length);
        return before.Sum(had => Math.Min(had, share)) + Math.Min(larger, before.Count(had => had > share));
    }

    /// <summary>Whether a chain of single moves leads from some member to one with at least two partitions fewer.</summary>
    private static bool CanBeEvenedOut(AssignorWorld world, GroupAssignment assignment)
    {
        foreach (var start in assignment.Members.Keys)
        {
            var reached = new HashSet<string> { start };
            var open = new Queue<string>([start]);
            while (open.TryDequeue(out var giver))
            {
                foreach (var (receiver, spec) in world.Members)
                {
                    if (assignment.TargetOf(giver).Topics.Any(topic => spec.SubscribedTopicIds.Contains(topic.TopicId))
                        && reached.Add(receiver))
                    {
                        open.Enqueue(receiver);
                    }
                }
            }

            if (reached.Any(member => assignment.TargetOf(member).Count <= assignment.TargetOf(start).Count - 2))
            {
                return true;
            }
        }

        return false;
    }
}
