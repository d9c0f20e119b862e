using System.Diagnostics.Metrics;

namespace FastLog.Cluster;

/// <summary>
/// The instruments of this room: the partitions this node leads, summed by topic and one by one, and the state of the
/// cluster. All of them read what is there anyway when somebody asks.
/// </summary>
/// <remarks>
/// What a page of metrics may grow to is bounded: topics beyond <see cref="TopicSeriesMax"/> have no series of their own,
/// and with more than <see cref="PartitionSeriesMax"/> partitions no partition has; how many are left out is a metric.
/// </remarks>
public static class ClusterMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "FastLog.Cluster";

    /// <summary>So many topics, the first by their names, have series of their own.</summary>
    public const int TopicSeriesMax = 1000;

    /// <summary>Up to so many partitions have series of their own: all of them, or with more of them none.</summary>
    public const int PartitionSeriesMax = 1000;

    /// <summary>Makes the instruments; they live as long as the meter.</summary>
    /// <param name="meter">The broker's meter of this room.</param>
    /// <param name="node">The node.</param>
    public static void Attach(Meter meter, ClusterNode node)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(node);
        AttachTopics(meter, new PartitionFigures(node.Replicas, TopicSeriesMax, PartitionSeriesMax));
        AttachController(meter, node);
    }

    internal static void AttachTopics(Meter meter, PartitionFigures figures)
    {
        meter.CreateObservableCounter(
            "fastlog.topic.received", () => figures.ByTopic(partition => partition.Log.AppendedBytes), "By",
            "Bytes of record batches appended, by topic.");
        meter.CreateObservableCounter(
            "fastlog.topic.records", () => figures.ByTopic(partition => partition.Log.AppendedRecords), null,
            "Records appended, by topic.");
        meter.CreateObservableCounter(
            "fastlog.topic.batches", () => figures.ByTopic(partition => partition.Log.AppendedBatches), null,
            "Record batches appended, by topic.");
        meter.CreateObservableCounter(
            "fastlog.topic.sent", () => figures.ByTopic(partition => partition.FetchedBytes), "By",
            "Bytes of records that fetches were answered with, by topic.");
        meter.CreateObservableGauge(
            "fastlog.topic.size", () => figures.ByTopic(partition => partition.Log.SizeInBytes), "By",
            "Bytes of all segments led here, by topic.");
        meter.CreateObservableGauge(
            "fastlog.topic.partitions", () => figures.ByTopic(_ => 1), null, "Partitions led here, by topic.");
        meter.CreateObservableGauge(
            "fastlog.topic.series.hidden", () => figures.HiddenTopicsCount, null,
            "Topics without series of their own since there are too many.");
        meter.CreateObservableGauge(
            "fastlog.partition.size", () => figures.ByPartition(partition => partition.Log.SizeInBytes), "By",
            "Bytes of all segments, by partition.");
        meter.CreateObservableGauge(
            "fastlog.partition.segments", () => figures.ByPartition(partition => partition.Log.SegmentCount), null,
            "Segments, by partition.");
        meter.CreateObservableGauge(
            "fastlog.partition.start.offset", () => figures.ByPartition(partition => partition.LogStartOffset), null,
            "Log start offset, by partition.");
        meter.CreateObservableGauge(
            "fastlog.partition.end.offset", () => figures.ByPartition(partition => partition.Log.LogEndOffset), null,
            "Log end offset, by partition.");
        meter.CreateObservableGauge(
            "fastlog.partition.high.watermark", () => figures.ByPartition(partition => partition.HighWatermark), null,
            "High watermark: consumers read up to it, by partition.");
        meter.CreateObservableGauge(
            "fastlog.partition.series.hidden", () => figures.HiddenPartitionsCount, null,
            "Partitions without series of their own since there are too many.");
    }

    private static void AttachController(Meter meter, ClusterNode node)
    {
        meter.CreateObservableGauge(
            "fastlog.partitions.leader", () => node.Replicas.Partitions.Count(), null, "Partitions led by this broker.");
        meter.CreateObservableGauge(
            "fastlog.partitions.under.replicated",
            () => node.Replicas.Partitions.Count(partition => partition.InSyncReplicasCount < partition.ReplicasCount),
            null,
            "Partitions led here with replicas that are not in sync.");
        meter.CreateObservableGauge(
            "fastlog.partitions.under.min.isr",
            () => node.Replicas.Partitions.Count(partition => !partition.HasEnoughInSyncReplicas),
            null,
            "Partitions led here that refuse acks=all: fewer replicas in sync than min.insync.replicas.");
        meter.CreateObservableGauge(
            "fastlog.partitions.offline", () => OfflineCount(node), null,
            "Partitions of the cluster that nobody leads, or whose log failed here.");
        meter.CreateObservableGauge(
            "fastlog.controller.active", () => node.Metadata.LeaderId == node.NodeId ? 1 : 0, null, "1 on the node that is the active controller.");
        meter.CreateObservableGauge(
            "fastlog.cluster.topics", () => node.Image.TopicsCount, null, "Topics of the cluster.");
        meter.CreateObservableGauge(
            "fastlog.cluster.brokers", () => node.Image.Brokers.Length, null, "Registered brokers of the cluster.");
    }

    private static long OfflineCount(ClusterNode node)
    {
        long count = 0;
        foreach (var topic in node.Image.Topics)
        {
            for (var index = 0; index < topic.PartitionsCount; index++)
            {
                var leader = topic.Partitions[index].Leader;
                var isHere = leader == node.NodeId;
                var found = isHere ? node.Replicas.Find(topic.Id, index) : null;
                var isServed = isHere ? found is { Failure: Protocol.ErrorCode.None } : leader != PartitionImage.NoLeader;
                count += isServed ? 0 : 1;
            }
        }
        return count;
    }
}
