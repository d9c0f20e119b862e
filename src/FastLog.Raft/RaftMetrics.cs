using System.Diagnostics.Metrics;

namespace FastLog.Raft;

/// <summary>The instruments of this room: how far the metadata log is, read when somebody asks.</summary>
public static class RaftMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "FastLog.Raft";

    /// <summary>Makes the instruments; they live as long as the meter.</summary>
    /// <param name="meter">The broker's meter of this room.</param>
    /// <param name="metadata">The metadata log.</param>
    public static void Attach(Meter meter, MetadataLog metadata)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(metadata);
        meter.CreateObservableGauge(
            "fastlog.raft.epoch", () => metadata.Epoch, null, "Epoch of the metadata quorum.");
        meter.CreateObservableGauge(
            "fastlog.raft.leader.id", () => metadata.LeaderId, null, "The metadata quorum's leader, -1 for none.");
        meter.CreateObservableGauge(
            "fastlog.raft.end.offset", () => metadata.EndOffset, null, "End offset of the metadata log.");
        meter.CreateObservableGauge(
            "fastlog.raft.high.watermark", () => metadata.HighWatermark, null, "High watermark of the metadata log.");
    }
}
