using System.Globalization;

namespace FastLog.StorageBench.Measuring;

/// <summary>What Linux says of this process.</summary>
internal static class ProcessMemory
{
    public static double ResidentMegabytes()
    {
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().TrimEnd("kB ").ToString(), CultureInfo.InvariantCulture) / 1024.0;
    }

    public static int OpenFiles() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
}
