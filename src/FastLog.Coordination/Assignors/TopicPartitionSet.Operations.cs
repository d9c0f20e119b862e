using System.Collections.Immutable;

namespace FastLog.Coordination.Assignors;

/// <summary>Union, intersection and difference: one walk over two sorted sequences, for topics and for partitions.</summary>
public sealed partial class TopicPartitionSet
{
    /// <summary>What an operation keeps: of the first set only, of both, of the second only.</summary>
    private readonly record struct Keep(bool First, bool Both, bool Second);

    /// <summary>The partitions that are in one of the sets.</summary>
    public TopicPartitionSet Union(TopicPartitionSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return IsEmpty ? other : Combine(other, new Keep(First: true, Both: true, Second: true));
    }

    /// <summary>The partitions that are in both sets.</summary>
    public TopicPartitionSet Intersect(TopicPartitionSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.IsEmpty ? Empty : Combine(other, new Keep(First: false, Both: true, Second: false));
    }

    /// <summary>The partitions of this set that are not in the other.</summary>
    public TopicPartitionSet Except(TopicPartitionSet other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.IsEmpty ? this : Combine(other, new Keep(First: true, Both: false, Second: false));
    }

    private TopicPartitionSet Combine(TopicPartitionSet other, Keep keep)
    {
        var result = ImmutableArray.CreateBuilder<TopicPartitions>(Topics.Length);
        ImmutableArray<TopicPartitions> first = Topics, second = other.Topics;
        int i = 0, j = 0;
        while (i < first.Length || j < second.Length)
        {
            var order = i == first.Length ? 1 : j == second.Length ? -1 : first[i].TopicId.CompareTo(second[j].TopicId);
            if (order < 0)
            {
                AddIf(keep.First, result, first[i++]);
            }
            else if (order > 0)
            {
                AddIf(keep.Second, result, second[j++]);
            }
            else
            {
                var partitions = Combine(first[i].Partitions, second[j++].Partitions, keep);
                AddIf(partitions.Length > 0, result, new TopicPartitions(first[i++].TopicId, partitions));
            }
        }

        var combined = FromSorted(result.ToImmutable());
        return combined.Equals(this) ? this : combined;
    }

    private static void AddIf(bool kept, ImmutableArray<TopicPartitions>.Builder result, TopicPartitions topic)
    {
        if (kept)
        {
            result.Add(topic);
        }
    }

    private static ImmutableArray<int> Combine(ImmutableArray<int> first, ImmutableArray<int> second, Keep keep)
    {
        var result = ImmutableArray.CreateBuilder<int>(first.Length);
        int i = 0, j = 0;
        while (i < first.Length || j < second.Length)
        {
            var order = i == first.Length ? 1 : j == second.Length ? -1 : first[i].CompareTo(second[j]);
            var partition = order <= 0 ? first[i++] : second[j];
            j += order >= 0 ? 1 : 0;
            if (order < 0 ? keep.First : order > 0 ? keep.Second : keep.Both)
            {
                result.Add(partition);
            }
        }

        return result.ToImmutable();
    }
}
