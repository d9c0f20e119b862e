namespace FastLog.Coordination.Assignors;

/// <summary>
/// "range": of each topic every subscriber gets one run of neighbouring partitions, the first ones of them one partition
/// more where it does not divide evenly. Topics with as many partitions and the same subscribers line up, so that equal
/// partition numbers meet at one member. Static members come first, by instance id, hence keep their place and with it
/// their partitions when they return under another member id; all others follow by member id.
/// </summary>
public sealed class RangeAssignor : IPartitionAssignor
{
    /// <inheritdoc/>
    public string Name => "range";

    /// <inheritdoc/>
    public GroupAssignment Assign(GroupSpec group, ITopicShapes topics)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentNullException.ThrowIfNull(topics);
        var ranges = CountSubscribers(group, topics);
        var targets = new Dictionary<string, TopicPartitionSet>(group.Members.Count);
        foreach (var (memberId, member) in group.Members.OrderBy(entry => entry, PlaceOrder.Instance))
        {
            var target = Take(member.SubscribedTopicIds, ranges);
            targets.Add(memberId, target.Equals(member.Assigned) ? member.Assigned : target);
        }

        return new GroupAssignment(targets);
    }

    private static Dictionary<Guid, TopicRange> CountSubscribers(GroupSpec group, ITopicShapes topics)
    {
        var ranges = new Dictionary<Guid, TopicRange>();
        foreach (var member in group.Members.Values)
        {
            foreach (var topicId in member.SubscribedTopicIds)
            {
                if (!ranges.TryGetValue(topicId, out var range))
                {
                    ranges.Add(topicId, range = new TopicRange(topics.PartitionsCountOf(topicId)));
                }

                range.Subscribers++;
            }
        }

        return ranges;
    }

    private static TopicPartitionSet Take(IReadOnlySet<Guid> subscribed, Dictionary<Guid, TopicRange> ranges)
    {
        var taken = new List<TopicPartitions>(subscribed.Count);
        foreach (var topicId in subscribed)
        {
            var (start, count) = ranges[topicId].TakeNext();
            if (count > 0)
            {
                taken.Add(new TopicPartitions(topicId, [.. Enumerable.Range(start, count)]));
            }
        }

        taken.Sort((left, right) => left.TopicId.CompareTo(right.TopicId));
        return TopicPartitionSet.FromSorted([.. taken]);
    }

    /// <summary>How far a topic has been given out.</summary>
    private sealed class TopicRange(int partitionsCount)
    {
        private int _next;
        private int _taken;

        public int Subscribers { get; set; }

        public (int Start, int Count) TakeNext()
        {
            if (partitionsCount <= 0)
            {
                return (0, 0);
            }

            var (share, extra) = Math.DivRem(partitionsCount, Subscribers);
            var count = share + (_taken++ < extra ? 1 : 0);
            var start = _next;
            _next += count;
            return (start, count);
        }
    }

    /// <summary>Static members by instance id, then all others by member id.</summary>
    private sealed class PlaceOrder : IComparer<KeyValuePair<string, MemberSpec>>
    {
        public static readonly PlaceOrder Instance = new();

        public int Compare(KeyValuePair<string, MemberSpec> x, KeyValuePair<string, MemberSpec> y) =>
            (x.Value.InstanceId, y.Value.InstanceId) switch
            {
                (null, null) => string.CompareOrdinal(x.Key, y.Key),
                (null, _) => 1,
                (_, null) => -1,
                var (first, second) when first == second => string.CompareOrdinal(x.Key, y.Key),
                var (first, second) => string.CompareOrdinal(first, second),
            };
    }
}
