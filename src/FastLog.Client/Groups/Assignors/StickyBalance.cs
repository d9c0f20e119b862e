namespace FastLog.Client;

/// <summary>Balances partitions over members while moving as few as it can.</summary>
internal sealed class StickyBalance
{
    private readonly List<Share> _shares;
    private readonly List<TopicAndPartition> _partitions = [];
    private readonly Dictionary<string, List<Share>> _subscribers = new(StringComparer.Ordinal);

    /// <summary>Nothing is assigned yet.</summary>
    /// <param name="members">The members, sorted.</param>
    /// <param name="topics">The topics that somebody subscribes to, sorted.</param>
    /// <param name="partitionCounts">How many partitions each has.</param>
    public StickyBalance(
        List<AssignorMember> members, List<string> topics, IReadOnlyDictionary<string, int> partitionCounts)
    {
        _shares = [.. members.Select((member, index) => new Share(member, index))];
        foreach (string topic in topics)
        {
            _subscribers[topic] = [.. _shares.Where(share => share.Topics.Contains(topic))];
            for (int partition = 0; partition < partitionCounts[topic]; partition++)
            {
                _partitions.Add(new TopicAndPartition(topic, partition));
            }
        }
    }

    /// <summary>Assigns everything: what has an owner to it, the rest to whoever has least, and then evens out.</summary>
    public void Assign(IReadOnlyDictionary<TopicAndPartition, AssignorMember?> owners)
    {
        Dictionary<string, Share> byId = _shares.ToDictionary(share => share.MemberId, StringComparer.Ordinal);
        List<TopicAndPartition> free = [];
        foreach (TopicAndPartition partition in _partitions)
        {
            if (owners.GetValueOrDefault(partition) is { } owner)
            {
                byId[owner.MemberId].Add(partition);
            }
            else
            {
                free.Add(partition);
            }
        }

        // Partitions that few can take go first: the others can still make up for them.
        foreach (TopicAndPartition partition in free.OrderBy(partition => _subscribers[partition.Topic].Count))
        {
            _subscribers[partition.Topic].MinBy(share => (share.Count, share.Index))!.Add(partition);
        }

        while (MoveOne())
        {
        }
    }

    /// <summary>Each partition with its member, by topic and number.</summary>
    public IEnumerable<(TopicAndPartition Partition, string MemberId)> Result() => _shares
        .SelectMany(share => share.Partitions.Select(partition => (Partition: partition, share.MemberId)))
        .OrderBy(item => item.Partition.Topic, StringComparer.Ordinal)
        .ThenBy(item => item.Partition.Partition);

    /// <summary>Moves a partition from a member with more to one with at least two fewer: each move makes the sum of
    /// squares smaller, so there is a last one.</summary>
    private bool MoveOne()
    {
        _shares.Sort((one, other) => one.Count != other.Count
            ? one.Count.CompareTo(other.Count)
            : one.Index.CompareTo(other.Index));
        for (int donor = _shares.Count - 1; donor > 0; donor--)
        {
            Share from = _shares[donor];
            for (int taker = 0; taker < donor && _shares[taker].Count + 1 < from.Count; taker++)
            {
                if (from.TryGive(_shares[taker]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private sealed class Share(AssignorMember member, int index)
    {
        private readonly Dictionary<string, List<TopicAndPartition>> _byTopic = new(StringComparer.Ordinal);

        public string MemberId => member.MemberId;

        public int Index => index;

        public HashSet<string> Topics { get; } = new(member.Topics, StringComparer.Ordinal);

        public int Count { get; private set; }

        public IEnumerable<TopicAndPartition> Partitions => _byTopic.Values.SelectMany(partitions => partitions);

        public void Add(TopicAndPartition partition)
        {
            if (!_byTopic.TryGetValue(partition.Topic, out List<TopicAndPartition>? ofTopic))
            {
                ofTopic = [];
                _byTopic.Add(partition.Topic, ofTopic);
            }

            ofTopic.Add(partition);
            Count++;
        }

        /// <summary>Gives a partition away that the other subscribes to: what was added last, which is owned least often.
        /// </summary>
        public bool TryGive(Share taker)
        {
            string? most = null;
            foreach ((string topic, List<TopicAndPartition> partitions) in _byTopic)
            {
                bool isBetter = partitions.Count > 0 && taker.Topics.Contains(topic)
                    && (most is null || partitions.Count > _byTopic[most].Count);
                most = isBetter ? topic : most;
            }

            if (most is null)
            {
                return false;
            }

            List<TopicAndPartition> given = _byTopic[most];
            taker.Add(given[^1]);
            given.RemoveAt(given.Count - 1);
            Count--;
            return true;
        }
    }
}
