using System.Collections.Immutable;

namespace FastLog.Coordination.Assignors;

/// <summary>
/// An immutable set of partitions by topic id: what a member has, owns, gives up or shall get. Two sets with the same
/// partitions are equal; an operation that changes nothing returns the set it was called on. Safe for any number of threads.
/// </summary>
public sealed partial class TopicPartitionSet : IEquatable<TopicPartitionSet>
{
    /// <summary>No partition at all.</summary>
    public static readonly TopicPartitionSet Empty = new([]);

    private TopicPartitionSet(ImmutableArray<TopicPartitions> topics)
    {
        Topics = topics;
        foreach (var topic in topics)
        {
            Count += topic.Partitions.Length;
        }
    }

    /// <summary>The topics that have a partition in the set, ascending by id.</summary>
    public ImmutableArray<TopicPartitions> Topics { get; }

    /// <summary>Partitions over all topics.</summary>
    public int Count { get; }

    /// <summary>Whether there is no partition.</summary>
    public bool IsEmpty => Topics.IsEmpty;

    /// <summary>The set of some partitions of one topic, given in any order.</summary>
    public static TopicPartitionSet Of(Guid topicId, params ReadOnlySpan<int> partitions)
    {
        var builder = new Builder();
        builder.Add(topicId, partitions);
        return builder.Build();
    }

    /// <summary>The set's partitions of a topic, ascending; none when the topic is not in it.</summary>
    public ImmutableArray<int> PartitionsOf(Guid topicId)
    {
        int low = 0, high = Topics.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = Topics[middle].TopicId.CompareTo(topicId);
            if (order == 0)
            {
                return Topics[middle].Partitions;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return [];
    }

    /// <summary>Whether the partition is in the set.</summary>
    public bool Contains(Guid topicId, int partition) => PartitionsOf(topicId).AsSpan().BinarySearch(partition) >= 0;

    /// <summary>Whether every partition of the other set is in this one.</summary>
    public bool ContainsAll(TopicPartitionSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Count <= Count && other.Except(this).IsEmpty;
    }

    /// <summary>Whether a partition is in both sets.</summary>
    public bool Overlaps(TopicPartitionSet other) => !Intersect(other).IsEmpty;

    /// <inheritdoc/>
    public bool Equals(TopicPartitionSet? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Count == other.Count && Topics.AsSpan().SequenceEqual(other.Topics.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TopicPartitionSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var topic in Topics)
        {
            hash.Add(topic);
        }

        return hash.ToHashCode();
    }

    /// <summary>Topics and partitions, for logs and failing tests.</summary>
    public override string ToString() => $"{{{string.Join(" ", Topics)}}}";

    /// <summary>A set from what is in order already: topics ascending by id, none without partitions.</summary>
    internal static TopicPartitionSet FromSorted(ImmutableArray<TopicPartitions> topics) =>
        topics.IsEmpty ? Empty : new(topics);

    /// <summary>Collects partitions in any order, each any number of times, for one set.</summary>
    public sealed class Builder
    {
        private readonly SortedDictionary<Guid, List<int>> _topics = [];

        /// <summary>Adds partitions of a topic; without any, nothing happens.</summary>
        public Builder Add(Guid topicId, params ReadOnlySpan<int> partitions)
        {
            if (!partitions.IsEmpty)
            {
                PartitionsOf(topicId).AddRange(partitions);
            }

            return this;
        }

        /// <summary>Adds partitions of a topic; without any, nothing happens.</summary>
        public Builder Add(Guid topicId, IEnumerable<int> partitions)
        {
            ArgumentNullException.ThrowIfNull(partitions);
            foreach (var partition in partitions)
            {
                PartitionsOf(topicId).Add(partition);
            }

            return this;
        }

        /// <summary>Adds what is in a set.</summary>
        public Builder Add(TopicPartitionSet set)
        {
            ArgumentNullException.ThrowIfNull(set);
            foreach (var topic in set.Topics)
            {
                Add(topic.TopicId, topic.Partitions.AsSpan());
            }

            return this;
        }

        /// <summary>The set of everything added so far; the builder may go on afterwards.</summary>
        public TopicPartitionSet Build()
        {
            var topics = ImmutableArray.CreateBuilder<TopicPartitions>(_topics.Count);
            foreach (var (topicId, partitions) in _topics)
            {
                topics.Add(new TopicPartitions(topicId, [.. partitions.Distinct().Order()]));
            }

            return FromSorted(topics.ToImmutable());
        }

        private List<int> PartitionsOf(Guid topicId)
        {
            if (!_topics.TryGetValue(topicId, out var list))
            {
                _topics.Add(topicId, list = []);
            }

            return list;
        }
    }
}
