namespace FastLog.LoadGen.Suite.Limits;

/// <summary>What the machine itself can do with a scenario's bytes in a scenario's sizes.</summary>
internal sealed record LimitFigures
{
    public required LimitShape Shape { get; init; }

    /// <summary>Megabytes (10^6) of values a second through pwrite, with one fdatasync for as many writes as can be
    /// waiting where the scenario syncs; null where nothing is written.</summary>
    public double? DiskMegabytesPerSecond { get; init; }

    /// <summary>The same with an fdatasync after every write; null where nothing is synced.</summary>
    public double? DiskSyncEachMegabytesPerSecond { get; init; }

    /// <summary>One write and its sync: the median.</summary>
    public double? DiskSyncEachMs { get; init; }

    /// <summary>Megabytes of values a second through a bare loopback socket.</summary>
    public required double LoopbackMegabytesPerSecond { get; init; }

    /// <summary>One message and its answer, with nothing else on its way: the median.</summary>
    public required double LoopbackRoundTripMs { get; init; }

    /// <summary>The narrower of disk and loopback.</summary>
    public double MegabytesPerSecond => Math.Min(DiskMegabytesPerSecond ?? double.MaxValue, LoopbackMegabytesPerSecond);

    /// <summary>What narrows.</summary>
    public string Narrower => DiskMegabytesPerSecond < LoopbackMegabytesPerSecond ? "disk" : "loopback";

    /// <summary>The shortest an acknowledgement can take: there, onto the disk where it has to be there, and back.</summary>
    public double FloorMs => (DiskSyncEachMs ?? 0) + LoopbackRoundTripMs;

    /// <summary>The share of what the machine can do that a speed is.</summary>
    public double FractionOf(double megabytesPerSecond) => megabytesPerSecond / MegabytesPerSecond;

    /// <summary>The share of a latency that the machine cannot do without.</summary>
    public double LatencyFraction(double latencyMs) => FloorMs / latencyMs;
}
