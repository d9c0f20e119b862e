using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Tests.Assignors;

/// <summary>Topics and members that come and go, and what an assignor last made of them.</summary>
internal sealed class AssignorWorld : ITopicShapes
{
    private readonly Dictionary<Guid, int> _topics = [];

    public Dictionary<string, MemberSpec> Members { get; } = [];

    public IReadOnlyDictionary<Guid, int> Topics => _topics;

    public static Guid Topic(int number) => new(number, 0, 0, new byte[8]);

    /// <summary>Up to four topics and up to six members with random subscriptions, one to a topic that does not exist.</summary>
    public static AssignorWorld Random(Random random, bool homogeneous)
    {
        var world = new AssignorWorld();
        var topicsCount = random.Next(1, 5);
        for (var topic = 0; topic < topicsCount; topic++)
        {
            world.Grow(topic, random.Next(1, 7));
        }

        var all = Subscription(random, topicsCount);
        var membersCount = random.Next(1, 7);
        for (var member = 0; member < membersCount; member++)
        {
            world.Join($"m{random.Next(1_000)}", homogeneous ? all : Subscription(random, topicsCount));
        }

        return world;
    }

    public int PartitionsCountOf(Guid topicId) => _topics.GetValueOrDefault(topicId, -1);

    public void Grow(int topic, int partitionsCount) => _topics[Topic(topic)] = partitionsCount;

    public void Delete(Guid topic) => _topics.Remove(topic);

    public void Join(string memberId, IReadOnlySet<Guid> topics, string? instanceId = null) =>
        Members[memberId] = new MemberSpec { SubscribedTopicIds = topics, InstanceId = instanceId };

    public static HashSet<Guid> Subscription(Random random, int topicsCount) =>
        [.. Enumerable.Range(0, topicsCount + 1).Where(_ => random.Next(3) > 0).Select(Topic)];

    public GroupSpec Group() => new(Members);

    /// <summary>Assigns and makes the result the members' present target.</summary>
    public GroupAssignment Apply(IPartitionAssignor assignor)
    {
        var result = assignor.Assign(Group(), this);
        foreach (var (memberId, target) in result.Members)
        {
            var spec = Members[memberId];
            Members[memberId] = new MemberSpec
            {
                SubscribedTopicIds = spec.SubscribedTopicIds,
                InstanceId = spec.InstanceId,
                Assigned = target,
            };
        }

        return result;
    }

    /// <summary>The same group, enumerating its dictionaries the other way round.</summary>
    public GroupSpec Reversed() => new(Members.Reverse().ToDictionary(entry => entry.Key, entry => new MemberSpec
    {
        SubscribedTopicIds = entry.Value.SubscribedTopicIds.Reverse().ToHashSet(),
        InstanceId = entry.Value.InstanceId,
        Assigned = entry.Value.Assigned,
    }));

    /// <summary>Every partition that exists and is subscribed to has one owner, who subscribes to it; no other has any.</summary>
    public void CheckOwners(GroupAssignment assignment, string about)
    {
        Assert.Equal(Members.Keys.Order(), assignment.Members.Keys.Order());
        var owned = new HashSet<(Guid, int)>();
        foreach (var (memberId, target) in assignment.Members)
        {
            foreach (var topic in target.Topics)
            {
                Assert.True(Members[memberId].SubscribedTopicIds.Contains(topic.TopicId), $"{about}: not subscribed");
                foreach (var partition in topic.Partitions)
                {
                    Assert.True(partition >= 0 && partition < PartitionsCountOf(topic.TopicId), $"{about}: unknown");
                    Assert.True(owned.Add((topic.TopicId, partition)), $"{about}: two owners");
                }
            }
        }

        var due = _topics.Where(topic => Members.Values.Any(member => member.SubscribedTopicIds.Contains(topic.Key)))
            .Sum(topic => topic.Value);
        Assert.True(due == owned.Count, $"{about}: {owned.Count} of {due} partitions have an owner");
    }
}
