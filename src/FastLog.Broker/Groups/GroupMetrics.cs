using System.Diagnostics.Metrics;
using FastLog.Cluster;

namespace FastLog.Broker.Groups;

/// <summary>The instruments of the group coordinator: groups, commits, and how far groups are behind.</summary>
internal static class GroupMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "FastLog.Coordination";

    private const int GroupSeriesMax = 1000;
    private const int PartitionSeriesMax = 1000;

    /// <summary>Makes the instruments; they live as long as the meter.</summary>
    public static void Attach(Meter meter, GroupService groups, ReplicaRegistry replicas)
    {
        var figures = new GroupFigures(groups.Coordinator, replicas, GroupSeriesMax, PartitionSeriesMax);
        meter.CreateObservableGauge(
            "fastlog.groups", figures.Groups, null, "Groups coordinated by this broker, by type and state.");
        meter.CreateObservableCounter(
            "fastlog.group.commits", () => figures.CommitsCount, null, "Offsets committed, one per partition.");
        meter.CreateObservableGauge(
            "fastlog.group.offsets", () => figures.OffsetsCount, null, "Committed offsets that are kept.");
        meter.CreateObservableGauge(
            "fastlog.group.lag.total", figures.LagByGroup, null,
            "Records between a group's committed offsets and the high watermarks, by group.");
        meter.CreateObservableGauge(
            "fastlog.group.lag", figures.LagByPartition, null,
            "Records between a committed offset and the high watermark, by group and partition.");
        meter.CreateObservableGauge(
            "fastlog.group.series.hidden", () => figures.HiddenGroupsCount, null,
            "Groups without series of their own since there are too many.");
        meter.CreateObservableGauge(
            "fastlog.group.offset.series.hidden", () => figures.HiddenOffsetsCount, null,
            "Committed offsets without series of their own since there are too many.");
    }
}
