namespace FastLog.Coordination.Assignors;

/// <summary>
/// A group in numbers, in an order that depends on ids only: members, topics and partitions count from 0, and topics with
/// the same subscribers form one class, within which partitions may be exchanged freely.
/// </summary>
internal sealed class SubscriptionTable
{
    private readonly Dictionary<Guid, int> _topicIndexes;
    private readonly int[] _firstPartitions;

    private SubscriptionTable(string[] memberIds, Guid[] topicIds, int[] firstPartitions, int[] classes, int[][] subscribers)
    {
        MemberIds = memberIds;
        TopicIds = topicIds;
        _firstPartitions = firstPartitions;
        ClassOfTopic = classes;
        SubscribersOfClass = subscribers;
        _topicIndexes = new Dictionary<Guid, int>(topicIds.Length);
        TopicOfPartition = new int[firstPartitions[^1]];
        for (var topic = 0; topic < topicIds.Length; topic++)
        {
            _topicIndexes.Add(topicIds[topic], topic);
            TopicOfPartition.AsSpan(firstPartitions[topic]..firstPartitions[topic + 1]).Fill(topic);
        }
    }

    /// <summary>Member ids, ascending.</summary>
    public string[] MemberIds { get; }

    /// <summary>The topics that exist and have a subscriber, ascending.</summary>
    public Guid[] TopicIds { get; }

    /// <summary>The class of each topic.</summary>
    public int[] ClassOfTopic { get; }

    /// <summary>The members that subscribe to the topics of each class, ascending.</summary>
    public int[][] SubscribersOfClass { get; }

    /// <summary>The topic of each partition; partitions of one topic are neighbours.</summary>
    public int[] TopicOfPartition { get; }

    /// <summary>Partitions of all topics.</summary>
    public int PartitionsCount => TopicOfPartition.Length;

    public static SubscriptionTable Of(GroupSpec group, ITopicShapes topics)
    {
        string[] memberIds = [.. group.Members.Keys.Order(StringComparer.Ordinal)];
        var members = Array.ConvertAll(memberIds, id => group.Members[id]);
        var classByTopic = Classify(members, group.IsHomogeneous);
        Guid[] topicIds = [.. classByTopic.Keys.Where(id => topics.PartitionsCountOf(id) > 0).Order()];

        var firstPartitions = new int[topicIds.Length + 1];
        var classes = new int[topicIds.Length];
        var numbers = new Dictionary<int, int>();
        var subscribers = new List<int[]>();
        for (var topic = 0; topic < topicIds.Length; topic++)
        {
            var topicId = topicIds[topic];
            firstPartitions[topic + 1] = checked(firstPartitions[topic] + topics.PartitionsCountOf(topicId));
            if (!numbers.TryGetValue(classByTopic[topicId], out classes[topic]))
            {
                classes[topic] = subscribers.Count;
                numbers.Add(classByTopic[topicId], subscribers.Count);
                subscribers.Add([.. Enumerable.Range(0, members.Length)
                    .Where(member => members[member].SubscribedTopicIds.Contains(topicId))]);
            }
        }

        return new SubscriptionTable(memberIds, topicIds, firstPartitions, classes, [.. subscribers]);
    }

    /// <summary>The number of a partition; false when its topic is not assigned or has fewer partitions.</summary>
    public bool TryFind(Guid topicId, int partition, out int number)
    {
        number = -1;
        if (!_topicIndexes.TryGetValue(topicId, out var topic))
        {
            return false;
        }

        var count = _firstPartitions[topic + 1] - _firstPartitions[topic];
        number = _firstPartitions[topic] + partition;
        return (uint)partition < (uint)count;
    }

    /// <summary>The number that a partition has within its topic.</summary>
    public int PartitionInTopic(int number) => number - _firstPartitions[TopicOfPartition[number]];

    /// <summary>
    /// Splits the topics until two are in one class only if the same members subscribe to both: each subscription splits
    /// every class into what it names and what it does not. The numbers of the classes mean nothing.
    /// </summary>
    private static Dictionary<Guid, int> Classify(MemberSpec[] members, bool isHomogeneous)
    {
        var classByTopic = new Dictionary<Guid, int>();
        var subscriptions = members.Select(member => member.SubscribedTopicIds)
            .Distinct<IReadOnlySet<Guid>>(ReferenceEqualityComparer.Instance)
            .Take(isHomogeneous ? 1 : int.MaxValue);
        var classesCount = 0;
        var split = new Dictionary<int, int>();
        foreach (var subscription in subscriptions)
        {
            split.Clear();
            foreach (var topicId in subscription)
            {
                var present = classByTopic.GetValueOrDefault(topicId, -1);
                if (!split.TryGetValue(present, out var named))
                {
                    split.Add(present, named = classesCount++);
                }

                classByTopic[topicId] = named;
            }
        }

        return classByTopic;
    }
}
