namespace FastLog.Load.Measuring;

/// <summary>
/// Follows a process from look to look and adds up what it used.
/// </summary>
/// <remarks>
/// Context switches are the reason to look more than twice: the kernel keeps them a thread, so those of a thread that
/// ends are known only as far as somebody looked before. All else is counted for the whole process. Not thread-safe.
/// </remarks>
public sealed class ProcessWatch
{
    private readonly Func<ProcessSnapshot> _take;
    private readonly ProcessSnapshot _first;
    private ContextSwitches _switches;

    /// <summary>Starts with a first look.</summary>
    /// <param name="take">Looks at the process, as <see cref="ProcessProbe.Take"/> does.</param>
    /// <exception cref="ProcessGoneException">It is not there.</exception>
    public ProcessWatch(Func<ProcessSnapshot> take)
    {
        ArgumentNullException.ThrowIfNull(take);
        _take = take;
        _first = take();
        Last = _first;
    }

    /// <summary>What was seen last.</summary>
    public ProcessSnapshot Last { get; private set; }

    /// <summary>Looks again; returns what was used since the look before.</summary>
    /// <exception cref="ProcessGoneException">It has ended.</exception>
    public ProcessUse Look()
    {
        ProcessSnapshot before = Last;
        ProcessSnapshot now = _take();
        if (before.Times.StartTicks != now.Times.StartTicks)
        {
            throw new ProcessGoneException("the process ended while it was measured, and another took its id");
        }

        ContextSwitches switched = Switched(before.SwitchesByThread, now.SwitchesByThread);
        _switches = new ContextSwitches(
            _switches.Voluntary + switched.Voluntary, _switches.Involuntary + switched.Involuntary);
        Last = now;
        return Use(before, now, switched);
    }

    /// <summary>What was used from the first look to the last.</summary>
    public ProcessUse Total() => Use(_first, Last, _switches);

    private static ContextSwitches Switched(
        IReadOnlyDictionary<int, ContextSwitches> before, IReadOnlyDictionary<int, ContextSwitches> now)
    {
        long voluntary = 0;
        long involuntary = 0;
        foreach ((int thread, ContextSwitches current) in now)
        {
            ContextSwitches earlier = before.GetValueOrDefault(thread);
            if (current.Voluntary < earlier.Voluntary || current.Involuntary < earlier.Involuntary)
            {
                // Another thread has taken the id: all it did is new.
                earlier = default;
            }

            voluntary += current.Voluntary - earlier.Voluntary;
            involuntary += current.Involuntary - earlier.Involuntary;
        }

        return new ContextSwitches(voluntary, involuntary);
    }

    private static ProcessUse Use(ProcessSnapshot before, ProcessSnapshot now, ContextSwitches switched) => new()
    {
        CpuUserSeconds = Seconds(now.Times.UserTicks - before.Times.UserTicks),
        CpuSystemSeconds = Seconds(now.Times.SystemTicks - before.Times.SystemTicks),
        PeakResidentBytes = now.PeakResidentBytes,
        ResidentBytes = now.ResidentBytes,
        VoluntarySwitches = switched.Voluntary,
        InvoluntarySwitches = switched.Involuntary,
        WrittenBytes = now.Io.WrittenBytes - before.Io.WrittenBytes,
        ReadBytes = now.Io.ReadBytes - before.Io.ReadBytes,
        WriteCallBytes = now.Io.WriteCallBytes - before.Io.WriteCallBytes,
        ReadCalls = now.Io.ReadCalls - before.Io.ReadCalls,
        WriteCalls = now.Io.WriteCalls - before.Io.WriteCalls,
        MinorFaults = now.Times.MinorFaults - before.Times.MinorFaults,
    };

    private static double Seconds(long ticks) => (double)ticks / ProcFiles.TicksPerSecond;
}
