using System.Diagnostics.Metrics;
using System.Globalization;

namespace FastLog.Cluster;

/// <summary>Figures of the partitions led here, as many series of them as a page of metrics should have.</summary>
internal sealed class PartitionFigures(ReplicaRegistry replicas, int topicsMax, int partitionsMax)
{
    /// <summary>Topics that <see cref="ByTopic"/> leaves out.</summary>
    public int HiddenTopicsCount => Math.Max(0, TopicsInOrder().Count - topicsMax);

    /// <summary>Partitions that <see cref="ByPartition"/> leaves out: none or all.</summary>
    public int HiddenPartitionsCount => replicas.Partitions.Count() is var count && count > partitionsMax ? count : 0;

    /// <summary>A sum for each of the first topics in the order of their names.</summary>
    public IEnumerable<Measurement<long>> ByTopic(Func<Partition, long> read) =>
        TopicsInOrder().Take(topicsMax).Select(topic => new Measurement<long>(
            topic.Value.Sum(read), new KeyValuePair<string, object?>("topic", topic.Key)));

    /// <summary>A figure for each partition; nothing when there are too many.</summary>
    public IEnumerable<Measurement<long>> ByPartition(Func<Partition, long> read) =>
        HiddenPartitionsCount > 0
            ? []
            : replicas.Partitions
                .OrderBy(partition => partition.Topic, StringComparer.Ordinal)
                .ThenBy(partition => partition.Index)
                .Select(partition => new Measurement<long>(
                    read(partition),
                    new KeyValuePair<string, object?>("topic", partition.Topic),
                    new KeyValuePair<string, object?>("partition", partition.Index.ToString(CultureInfo.InvariantCulture))));

    private SortedDictionary<string, List<Partition>> TopicsInOrder()
    {
        var topics = new SortedDictionary<string, List<Partition>>(StringComparer.Ordinal);
        foreach (var partition in replicas.Partitions)
        {
            if (!topics.TryGetValue(partition.Topic, out var partitions))
            {
                topics.Add(partition.Topic, partitions = []);
            }
            partitions.Add(partition);
        }
        return topics;
    }
}
