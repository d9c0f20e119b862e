using System.Runtime.InteropServices;
using FastLog.Load.Measuring;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>What the figures were measured on.</summary>
internal sealed record Machine
{
    public required string CpuModel { get; init; }

    public required int CpusCount { get; init; }

    public required long MemoryBytes { get; init; }

    public required string Kernel { get; init; }

    public required string Runtime { get; init; }

    /// <summary>This machine.</summary>
    public static Machine Describe() => new()
    {
        CpuModel = File.ReadLines("/proc/cpuinfo")
            .Where(line => line.StartsWith("model name", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
            .FirstOrDefault(RuntimeInformation.ProcessArchitecture.ToString()),
        CpusCount = Environment.ProcessorCount,
        MemoryBytes = ProcFiles.ParseValue(File.ReadAllText("/proc/meminfo"), "MemTotal") ?? 0,
        Kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        Runtime = RuntimeInformation.FrameworkDescription,
    };
}
