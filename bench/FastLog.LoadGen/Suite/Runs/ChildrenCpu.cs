using System.Globalization;
using FastLog.Load.Measuring;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>CPU time of the processes that this one started and that have ended.</summary>
internal static class ChildrenCpu
{
    // Places in /proc/self/stat after the command name: cutime and cstime, as proc(5) has them.
    private const int UserTicksPlace = 13;
    private const int SystemTicksPlace = 14;

    public static double Seconds() => Parse(File.ReadAllText("/proc/self/stat"));

    public static double Parse(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        long ticks = long.Parse(fields[UserTicksPlace], CultureInfo.InvariantCulture)
            + long.Parse(fields[SystemTicksPlace], CultureInfo.InvariantCulture);
        return (double)ticks / ProcFiles.TicksPerSecond;
    }
}
