using System.Runtime.InteropServices;

namespace FastLog.Coordination.Assignors;

/// <summary>
/// Who has which partitions while an assignment is made. Of each class of topics a member holds a stack: what it had
/// before lies below what it was given since, so that the latter goes first when something must go.
/// </summary>
internal sealed class PartitionShares
{
    private readonly SubscriptionTable _subscriptions;
    private readonly Dictionary<int, Stack<int>>[] _held;
    private readonly int[] _loads;
    private readonly bool[] _owned;

    public PartitionShares(SubscriptionTable subscriptions)
    {
        _subscriptions = subscriptions;
        _loads = new int[subscriptions.MemberIds.Length];
        _owned = new bool[subscriptions.PartitionsCount];
        _held = new Dictionary<int, Stack<int>>[_loads.Length];
        for (var member = 0; member < _held.Length; member++)
        {
            _held[member] = [];
        }
    }

    /// <summary>Partitions that each member has.</summary>
    public ReadOnlySpan<int> Loads => _loads;

    /// <summary>Leaves with each member what it has at present, unless it is gone, no longer subscribed, or another's already.</summary>
    public void KeepPresent(GroupSpec group)
    {
        for (var member = 0; member < _loads.Length; member++)
        {
            var spec = group.Members[_subscriptions.MemberIds[member]];
            foreach (var topic in spec.Assigned.Topics)
            {
                if (spec.SubscribedTopicIds.Contains(topic.TopicId))
                {
                    KeepPresent(member, topic);
                }
            }
        }
    }

    /// <summary>
    /// Gives every partition that nobody has to the subscriber with the fewest. Partitions that few may have come first:
    /// the others even out afterwards what they left uneven.
    /// </summary>
    public void GiveOutUnowned()
    {
        var unownedByClass = Enumerable.Range(0, _owned.Length).Where(partition => !_owned[partition])
            .GroupBy(partition => _subscriptions.ClassOfTopic[_subscriptions.TopicOfPartition[partition]])
            .OrderBy(unowned => _subscriptions.SubscribersOfClass[unowned.Key].Length);
        foreach (var unowned in unownedByClass)
        {
            var byLoad = new PriorityQueue<int, (int Load, int Member)>(
                _subscriptions.SubscribersOfClass[unowned.Key].Select(member => (member, (_loads[member], member))));
            foreach (var partition in unowned)
            {
                var member = byLoad.Peek();
                Give(member, unowned.Key, partition);
                byLoad.DequeueEnqueue(member, (_loads[member], member));
            }
        }
    }

    /// <summary>The classes of which a member has a partition.</summary>
    public IEnumerable<int> ClassesOf(int member) => _held[member].Where(held => held.Value.Count > 0).Select(held => held.Key);

    /// <summary>One partition of a class goes from a member that has one to another.</summary>
    public void Move(int topicClass, int from, int to)
    {
        var partition = _held[from][topicClass].Pop();
        _loads[from]--;
        Give(to, topicClass, partition);
    }

    /// <summary>What a member has, as a set.</summary>
    public TopicPartitionSet TargetOf(int member)
    {
        var partitions = _held[member].Values.SelectMany(held => held).ToArray();
        Array.Sort(partitions);
        var topics = new List<TopicPartitions>();
        for (var start = 0; start < partitions.Length;)
        {
            var topic = _subscriptions.TopicOfPartition[partitions[start]];
            var end = start;
            while (end < partitions.Length && _subscriptions.TopicOfPartition[partitions[end]] == topic)
            {
                partitions[end] = _subscriptions.PartitionInTopic(partitions[end]);
                end++;
            }

            topics.Add(new TopicPartitions(_subscriptions.TopicIds[topic], [.. partitions.AsSpan(start, end - start)]));
            start = end;
        }

        return TopicPartitionSet.FromSorted([.. topics]);
    }

    private void KeepPresent(int member, TopicPartitions topic)
    {
        foreach (var partition in topic.Partitions)
        {
            if (_subscriptions.TryFind(topic.TopicId, partition, out var number) && !_owned[number])
            {
                Give(member, _subscriptions.ClassOfTopic[_subscriptions.TopicOfPartition[number]], number);
            }
        }
    }

    private void Give(int member, int topicClass, int partition)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_held[member], topicClass, out _);
        held ??= new Stack<int>();
        held.Push(partition);
        _owned[partition] = true;
        _loads[member]++;
    }
}
