namespace FastLog.Load.Measuring;

/// <summary>Looks at the machine: how busy all its CPUs are together, so that a run disturbed by others shows it.</summary>
public static class MachineProbe
{
    /// <summary>Seconds that all CPUs together have been busy since boot.</summary>
    public static double BusyCpuSeconds() =>
        (double)ProcFiles.ParseBusyTicks(File.ReadAllText("/proc/stat")) / ProcFiles.TicksPerSecond;
}
