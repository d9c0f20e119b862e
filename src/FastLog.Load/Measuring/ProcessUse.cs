namespace FastLog.Load.Measuring;

/// <summary>What a process used between two moments.</summary>
public sealed record ProcessUse
{
    /// <summary>CPU time in the program, of all its threads, ended ones included; in steps of 10 ms.</summary>
    public required double CpuUserSeconds { get; init; }

    /// <summary>CPU time in the kernel for it; in steps of 10 ms.</summary>
    public required double CpuSystemSeconds { get; init; }

    /// <summary>Both together.</summary>
    public double CpuSeconds => CpuUserSeconds + CpuSystemSeconds;

    /// <summary>The most memory it ever had in RAM (VmHWM), since its start and not only between the two moments.</summary>
    public required long PeakResidentBytes { get; init; }

    /// <summary>The memory it had in RAM (VmRSS) at the second moment.</summary>
    public long ResidentBytes { get; init; }

    /// <summary>How often its threads gave way because they had to wait.</summary>
    /// <remarks>The kernel counts this a thread and forgets it with the thread. The threads are looked at with every
    /// sample of the timeline, so one that ended lost what it did after the last look, and one that came and went
    /// between two looks is not in it.</remarks>
    public required long VoluntarySwitches { get; init; }

    /// <summary>How often its threads had to give way because their time was up. As above.</summary>
    public required long InvoluntarySwitches { get; init; }

    /// <summary>Bytes it caused to be written to storage (write_bytes); a page counts when it becomes dirty.</summary>
    public required long WrittenBytes { get; init; }

    /// <summary>Bytes that came from storage for it (read_bytes), not from the page cache.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>Bytes given to calls like write (wchar): to files and pipes, page cache or not. What goes through send,
    /// sendmsg and the like is not counted by the kernel.</summary>
    public long WriteCallBytes { get; init; }

    /// <summary>Calls like read, pread and readv (syscr), to files, pipes and event descriptors. Not all system calls:
    /// recv, epoll_wait, futex and others are not counted by the kernel.</summary>
    public long ReadCalls { get; init; }

    /// <summary>Calls like write, pwrite and writev (syscw); not send, fdatasync and others.</summary>
    public long WriteCalls { get; init; }

    /// <summary>Pages that had to be mapped without reading them from storage.</summary>
    public long MinorFaults { get; init; }
}
