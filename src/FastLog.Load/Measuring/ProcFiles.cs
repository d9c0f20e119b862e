using System.Globalization;

namespace FastLog.Load.Measuring;

/// <summary>Reads the text of the files that Linux keeps about a process, as proc(5) describes them.</summary>
public static class ProcFiles
{
    /// <summary>Clock ticks per second in these files: USER_HZ, 100 in the kernel's ABI on every architecture that .NET
    /// runs on.</summary>
    public const int TicksPerSecond = 100;

    // Places in /proc/PID/stat after the command name, which ends with the last ')': "state" is the first.
    private const int MinorFaultsPlace = 7;
    private const int UserTicksPlace = 11;
    private const int SystemTicksPlace = 12;
    private const int StartTicksPlace = 19;

    // Places in the first line of /proc/stat: cpu user nice system idle iowait irq softirq steal ...
    private const int IdlePlace = 4;
    private const int IoWaitPlace = 5;
    private const int StealPlace = 8;

    /// <summary>Reads <c>/proc/PID/stat</c>.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static ProcessTimes ParseStat(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // The command name may hold spaces and parentheses; nothing after it does.
        int nameEnd = text.LastIndexOf(')');
        string[] fields = text[(nameEnd + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (nameEnd < 0 || fields.Length <= StartTicksPlace)
        {
            throw new FormatException($"not a /proc/PID/stat: '{text}'");
        }

        return new ProcessTimes(
            Number(fields[UserTicksPlace]),
            Number(fields[SystemTicksPlace]),
            Number(fields[StartTicksPlace]),
            Number(fields[MinorFaultsPlace]));
    }

    /// <summary>Reads one number from <c>/proc/PID/status</c> or <c>/proc/PID/io</c>: lines of <c>name: number [kB]</c>.
    /// What is given in kB is returned in bytes.</summary>
    /// <returns>Null when there is no such line.</returns>
    /// <exception cref="FormatException">The line holds no number.</exception>
    public static long? ParseValue(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(name);
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line[name.Length..].StartsWith(":", StringComparison.Ordinal))
            {
                ReadOnlySpan<char> value = line[(name.Length + 1)..].Trim();
                bool isKilobytes = value.EndsWith(" kB", StringComparison.Ordinal);
                return isKilobytes ? Number(value[..^3].Trim()) * 1024 : Number(value);
            }
        }

        return null;
    }

    /// <summary>Reads the first line of <c>/proc/stat</c>: the time that all CPUs together were not idle.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static long ParseBusyTicks(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] fields = text.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= StealPlace || fields[0] != "cpu")
        {
            throw new FormatException($"not a /proc/stat: '{text}'");
        }

        long busy = 0;
        for (int place = 1; place <= StealPlace; place++)
        {
            busy += place is IdlePlace or IoWaitPlace ? 0 : Number(fields[place]);
        }

        return busy;
    }

    private static long Number(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FormatException($"'{text}' is not a number");
}

/// <summary>What <c>/proc/PID/stat</c> says, times in clock ticks.</summary>
/// <param name="UserTicks">CPU time in the program, of all its threads, ended ones included.</param>
/// <param name="SystemTicks">CPU time in the kernel for it.</param>
/// <param name="StartTicks">When the process started, since boot: tells two processes with one pid apart.</param>
/// <param name="MinorFaults">Pages mapped without reading them from storage, ended threads included.</param>
public readonly record struct ProcessTimes(long UserTicks, long SystemTicks, long StartTicks, long MinorFaults);
