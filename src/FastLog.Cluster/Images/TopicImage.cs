using System.Collections.ObjectModel;

namespace FastLog.Cluster;

/// <summary>One topic as the metadata log describes it. Immutable.</summary>
public sealed class TopicImage
{
    /// <summary>The overrides of a topic that has none.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoOverrides = ReadOnlyDictionary<string, string>.Empty;

    private readonly PartitionImage[] _partitions;

    /// <summary>Creates the image; the array is owned by it from here on.</summary>
    /// <param name="name">The topic's name.</param>
    /// <param name="id">The topic's id.</param>
    /// <param name="partitions">The partitions, in order of their index.</param>
    /// <param name="overrides">Topic configuration that differs from the broker's defaults.</param>
    public TopicImage(
        string name, Guid id, PartitionImage[] partitions, IReadOnlyDictionary<string, string> overrides)
    {
        Name = name;
        Id = id;
        _partitions = partitions;
        Overrides = overrides;
        IsInternal = InternalTopics.IsInternal(name);
    }

    /// <summary>The topic's name.</summary>
    public string Name { get; }

    /// <summary>The topic's id, never used again for another topic.</summary>
    public Guid Id { get; }

    /// <summary>The partitions, in order of their index.</summary>
    public ReadOnlySpan<PartitionImage> Partitions => _partitions;

    /// <summary>How many partitions there are.</summary>
    public int PartitionsCount => _partitions.Length;

    /// <summary>Configuration set on the topic itself: Kafka's topic-level names, values as text.</summary>
    public IReadOnlyDictionary<string, string> Overrides { get; }

    /// <summary>Whether clients may not write to it.</summary>
    public bool IsInternal { get; }

    /// <summary>The partition, or null if the index is outside of the topic.</summary>
    /// <param name="index">Index of the partition.</param>
    public PartitionImage? FindPartition(int index) =>
        (uint)index < (uint)_partitions.Length ? _partitions[index] : null;
}
