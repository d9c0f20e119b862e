namespace FastLog.Load.Measuring;

/// <summary>What a process had used at one moment, since it started.</summary>
public sealed record ProcessSnapshot
{
    /// <summary>CPU time and page faults of all threads, ended ones included.</summary>
    public required ProcessTimes Times { get; init; }

    /// <summary>The most memory it ever had in RAM (VmHWM).</summary>
    public required long PeakResidentBytes { get; init; }

    /// <summary>The memory it has in RAM now (VmRSS).</summary>
    public required long ResidentBytes { get; init; }

    /// <summary>What it read and wrote.</summary>
    public required ProcessIo Io { get; init; }

    /// <summary>By thread id; threads that have ended are not in it.</summary>
    public required IReadOnlyDictionary<int, ContextSwitches> SwitchesByThread { get; init; }
}

/// <summary>How often threads gave way to others.</summary>
/// <param name="Voluntary">Because they had to wait.</param>
/// <param name="Involuntary">Because their time was up.</param>
public readonly record struct ContextSwitches(long Voluntary, long Involuntary);

/// <summary>What <c>/proc/PID/io</c> says, for all threads, ended ones included.</summary>
/// <param name="ReadCalls">Calls like read (syscr).</param>
/// <param name="WriteCalls">Calls like write (syscw).</param>
/// <param name="WriteCallBytes">Bytes given to calls like write (wchar).</param>
/// <param name="ReadBytes">Bytes that came from storage (read_bytes).</param>
/// <param name="WrittenBytes">Bytes of pages made dirty (write_bytes).</param>
public readonly record struct ProcessIo(
    long ReadCalls, long WriteCalls, long WriteCallBytes, long ReadBytes, long WrittenBytes);
