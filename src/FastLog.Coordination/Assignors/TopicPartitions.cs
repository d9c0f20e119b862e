using System.Collections.Immutable;

namespace FastLog.Coordination.Assignors;

/// <summary>Partitions of one topic: what a <see cref="TopicPartitionSet"/> is made of.</summary>
public readonly struct TopicPartitions : IEquatable<TopicPartitions>
{
    internal TopicPartitions(Guid topicId, ImmutableArray<int> partitions)
    {
        TopicId = topicId;
        Partitions = partitions;
    }

    /// <summary>The topic.</summary>
    public Guid TopicId { get; }

    /// <summary>Its partitions, ascending, each once, at least one.</summary>
    public ImmutableArray<int> Partitions { get; }

    /// <summary>Whether both are the same partitions of the same topic.</summary>
    public static bool operator ==(TopicPartitions left, TopicPartitions right) => left.Equals(right);

    /// <summary>Whether topic or partitions differ.</summary>
    public static bool operator !=(TopicPartitions left, TopicPartitions right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(TopicPartitions other) =>
        TopicId == other.TopicId && Partitions.AsSpan().SequenceEqual(other.Partitions.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is TopicPartitions other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(TopicId);
        foreach (var partition in Partitions.AsSpan())
        {
            hash.Add(partition);
        }

        return hash.ToHashCode();
    }

    /// <summary>The topic's id and its partitions, for logs and failing tests.</summary>
    public override string ToString() => $"{TopicId}:[{string.Join(",", Partitions.AsSpan().ToArray())}]";
}
