using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Tests.Assignors;

/// <summary>What both assignors promise, over random groups that change at random.</summary>
public sealed class AssignorPropertyTests
{
    public static TheoryData<string, bool> Cases => new()
    {
        { "uniform", true },
        { "uniform", false },
        { "range", true },
        { "range", false },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_partition_has_one_owner_whatever_changes(string name, bool homogeneous) => ForEachSeed((seed, random) =>
    {
        var assignor = Named(name);
        var world = AssignorWorld.Random(random, homogeneous);
        for (var step = 0; step < 8; step++)
        {
            world.CheckOwners(world.Apply(assignor), $"seed {seed} step {step}");
            Change(world, random, homogeneous);
        }
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Assigning_again_changes_nothing(string name, bool homogeneous) => ForEachSeed((seed, random) =>
    {
        var assignor = Named(name);
        var world = AssignorWorld.Random(random, homogeneous);
        world.Apply(assignor);
        Change(world, random, homogeneous);
        var first = world.Apply(assignor);
        var second = world.Apply(assignor);
        Assert.True(first.Members.All(entry => ReferenceEquals(entry.Value, second.Members[entry.Key])), $"seed {seed}");
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_order_of_dictionaries_does_not_matter(string name, bool homogeneous) => ForEachSeed((seed, random) =>
    {
        var assignor = Named(name);
        var world = AssignorWorld.Random(random, homogeneous);
        world.Apply(assignor);
        Change(world, random, homogeneous);
        var one = assignor.Assign(world.Group(), world);
        var other = assignor.Assign(world.Reversed(), world);
        Assert.True(one.Members.All(entry => entry.Value.Equals(other.Members[entry.Key])), $"seed {seed}");
    });

    [Theory]
    [InlineData("uniform")]
    [InlineData("range")]
    public void A_group_without_members_is_no_trouble(string name) =>
        Assert.Empty(Named(name).Assign(new GroupSpec(new Dictionary<string, MemberSpec>()), new AssignorWorld()).Members);

    private static IPartitionAssignor Named(string name)
    {
        IPartitionAssignor[] assignors = [new UniformAssignor(), new RangeAssignor()];
        return assignors.Single(assignor => assignor.Name == name);
    }

    private static void Change(AssignorWorld world, Random random, bool homogeneous)
    {
        var topicsCount = world.Topics.Count;
        switch (random.Next(4))
        {
            case 0:
                var like = homogeneous ? world.Members.Values.FirstOrDefault()?.SubscribedTopicIds : null;
                world.Join($"j{random.Next(1_000)}", like ?? AssignorWorld.Subscription(random, topicsCount), $"i{random.Next(1_000)}");
                break;
            case 1 when world.Members.Count > 1:
                world.Members.Remove(world.Members.Keys.ElementAt(random.Next(world.Members.Count)));
                break;
            case 2 when topicsCount > 1:
                world.Delete(world.Topics.Keys.ElementAt(random.Next(topicsCount)));
                break;
            default:
                world.Grow(random.Next(5), random.Next(1, 10));
                break;
        }
    }

    private static void ForEachSeed(Action<int, Random> check)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            check(seed, new Random(seed));
        }
    }
}
