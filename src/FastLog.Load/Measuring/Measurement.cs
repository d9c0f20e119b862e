using System.Diagnostics;

namespace FastLog.Load.Measuring;

/// <summary>One measured stretch: wall time, and what broker, generator and everybody else used meanwhile.</summary>
public sealed class Measurement
{
    private readonly ProcessProbe? _brokerProbe;
    private readonly ProcessProbe _ownProbe = new(Environment.ProcessId);
    private readonly ProcessSnapshot? _broker;
    private readonly ProcessSnapshot _own;
    private readonly double _busyCpuSeconds;
    private readonly long _allocatedBytes;
    private readonly long _startedAt;

    private Measurement(int? brokerPid)
    {
        _brokerProbe = brokerPid is { } pid ? new ProcessProbe(pid) : null;
        _busyCpuSeconds = MachineProbe.BusyCpuSeconds();
        _broker = _brokerProbe?.Take();
        _own = _ownProbe.Take();
        _allocatedBytes = GC.GetTotalAllocatedBytes(precise: true);
        _startedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Starts the clock.</summary>
    /// <param name="brokerPid">The broker's process on this machine, when it is to be looked at.</param>
    /// <exception cref="ProcessGoneException">There is no such process.</exception>
    public static Measurement Start(int? brokerPid) => new(brokerPid);

    /// <summary>Stops the clock.</summary>
    /// <exception cref="ProcessGoneException">The broker has ended.</exception>
    public Measured Stop()
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_startedAt);
        long allocatedBytes = GC.GetTotalAllocatedBytes(precise: true) - _allocatedBytes;
        ProcessUse own = ProcessUse.Between(_own, _ownProbe.Take());
        ProcessUse? broker = _broker is null ? null : ProcessUse.Between(_broker, _brokerProbe!.Take());
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

/// <summary>What <see cref="Measurement"/> found.</summary>
public sealed record Measured
{
    /// <summary>Wall time.</summary>
    public required double Seconds { get; init; }

    /// <summary>Null when the broker's process was not given.</summary>
    public required ProcessUse? Broker { get; init; }

    public required ProcessUse Generator { get; init; }

    /// <summary>Bytes the generator allocated on the managed heap.</summary>
    public required long GeneratorAllocatedBytes { get; init; }

    /// <summary>CPU time of everything else on the machine, the broker included when its process was not given:
    /// what is not near zero here disturbed the run.</summary>
    public required double OthersCpuSeconds { get; init; }
}
