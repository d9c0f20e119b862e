using System.Diagnostics;

namespace FastLog.Load.Measuring;

/// <summary>One measured stretch: wall time, and what broker, generator and everybody else used meanwhile.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class Measurement
{
    private readonly ProcessWatch? _broker;
    private readonly ProcessWatch _own;
    private readonly double _busyCpuSeconds;
    private readonly long _allocatedBytes;

    private Measurement(int? brokerPid)
    {
        _busyCpuSeconds = MachineProbe.BusyCpuSeconds();
        _broker = brokerPid is { } pid ? new ProcessWatch(new ProcessProbe(pid).Take) : null;
        _own = new ProcessWatch(new ProcessProbe(Environment.ProcessId).Take);
        _allocatedBytes = GC.GetTotalAllocatedBytes(precise: true);
        StartedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>When the clock started, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long StartedAt { get; }

    /// <summary>Starts the clock.</summary>
    /// <param name="brokerPid">The broker's process on this machine, when it is to be looked at.</param>
    /// <exception cref="ProcessGoneException">There is no such process.</exception>
    public static Measurement Start(int? brokerPid) => new(brokerPid);

    /// <summary>Looks at the processes in between; returns what they used since the last look.</summary>
    /// <exception cref="ProcessGoneException">The broker has ended.</exception>
    public (ProcessUse? Broker, ProcessUse Generator) Look() => (_broker?.Look(), _own.Look());

    /// <summary>Stops the clock.</summary>
    /// <exception cref="ProcessGoneException">The broker has ended.</exception>
    public Measured Stop()
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(StartedAt);
        long allocatedBytes = GC.GetTotalAllocatedBytes(precise: true) - _allocatedBytes;
        Look();
        ProcessUse own = _own.Total();
        ProcessUse? broker = _broker?.Total();
        double busyCpuSeconds = MachineProbe.BusyCpuSeconds() - _busyCpuSeconds;
        return new Measured
        {
            Seconds = elapsed.TotalSeconds,
            Broker = broker,
            Generator = own,
            GeneratorAllocatedBytes = allocatedBytes,
            OthersCpuSeconds = Math.Max(0, busyCpuSeconds - own.CpuSeconds - (broker?.CpuSeconds ?? 0)),
        };
    }
}
