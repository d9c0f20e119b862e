namespace FastLog.Load.Measuring;

/// <summary>What <see cref="Measurement"/> found.</summary>
public sealed record Measured
{
    /// <summary>Wall time.</summary>
    public required double Seconds { get; init; }

    /// <summary>Null when the broker's process was not given.</summary>
    public required ProcessUse? Broker { get; init; }

    /// <summary>This process.</summary>
    public required ProcessUse Generator { get; init; }

    /// <summary>Bytes the generator allocated on the managed heap.</summary>
    public required long GeneratorAllocatedBytes { get; init; }

    /// <summary>CPU time of everything else on the machine, the broker included when its process was not given:
    /// what is not near zero here disturbed the run.</summary>
    public required double OthersCpuSeconds { get; init; }
}
