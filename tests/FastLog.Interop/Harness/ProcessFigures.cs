using System.Globalization;

namespace FastLog.Interop.Harness;

/// <summary>What Linux tells about a running process.</summary>
/// <param name="ResidentBytes">Memory it holds now.</param>
/// <param name="ResidentBytesPeak">The most memory it ever held.</param>
/// <param name="CpuSeconds">Time its threads have run, in user and kernel mode.</param>
internal readonly record struct ProcessFigures(long ResidentBytes, long ResidentBytesPeak, double CpuSeconds)
{
    private const double ClockTicksPerSecond = 100;

    /// <summary>Reads the figures of the process <paramref name="id"/> from /proc.</summary>
    public static ProcessFigures Of(int id)
    {
        string[] status = File.ReadAllLines($"/proc/{id}/status");

        // Fields are counted behind the program's name, which may hold blanks and ends with the last parenthesis.
        string stat = File.ReadAllText($"/proc/{id}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        double ticks = double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessFigures(KibiBytes(status, "VmRSS:"), KibiBytes(status, "VmHWM:"), ticks / ClockTicksPerSecond);
    }

    private static long KibiBytes(string[] status, string name)
    {
        string line = status.Single(candidate => candidate.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
