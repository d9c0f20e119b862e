namespace FastLog.Load.Measuring;

/// <summary>What a process used between two moments.</summary>
public sealed record ProcessUse
{
    public required double CpuUserSeconds { get; init; }

    public required double CpuSystemSeconds { get; init; }

    public double CpuSeconds => CpuUserSeconds + CpuSystemSeconds;

    /// <summary>The most memory it ever had in RAM, since its start and not only between the two moments.</summary>
    public required long PeakResidentBytes { get; init; }

    /// <summary>Of the threads that were there at the end; those that ended before took their counts with them.</summary>
    public required long VoluntarySwitches { get; init; }

    /// <inheritdoc cref="VoluntarySwitches"/>
    public required long InvoluntarySwitches { get; init; }

    public required long WrittenBytes { get; init; }

    public required long ReadBytes { get; init; }

    /// <exception cref="ProcessGoneException">The two are not of the same process.</exception>
    public static ProcessUse Between(ProcessSnapshot before, ProcessSnapshot after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Times.StartTicks != after.Times.StartTicks)
        {
            throw new ProcessGoneException("the process ended while it was measured, and another took its id");
        }

        long voluntary = 0;
        long involuntary = 0;
        foreach ((int thread, ContextSwitches now) in after.SwitchesByThread)
        {
            ContextSwitches then = before.SwitchesByThread.GetValueOrDefault(thread);
            voluntary += now.Voluntary - then.Voluntary;
            involuntary += now.Involuntary - then.Involuntary;
        }

        return new ProcessUse
        {
            CpuUserSeconds = Seconds(after.Times.UserTicks - before.Times.UserTicks),
            CpuSystemSeconds = Seconds(after.Times.SystemTicks - before.Times.SystemTicks),
            PeakResidentBytes = after.PeakResidentBytes,
            VoluntarySwitches = voluntary,
            InvoluntarySwitches = involuntary,
            WrittenBytes = after.WrittenBytes - before.WrittenBytes,
            ReadBytes = after.ReadBytes - before.ReadBytes,
        };
    }

    private static double Seconds(long ticks) => (double)ticks / ProcFiles.TicksPerSecond;
}
