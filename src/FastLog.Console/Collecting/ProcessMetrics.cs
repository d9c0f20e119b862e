using System.Diagnostics.Metrics;
using System.Globalization;

namespace FastLog.WebConsole.Collecting;

/// <summary>
/// What the system knows of this process and the runtime's own meter does not tell, under the names that Prometheus'
/// own client libraries use.
/// </summary>
internal sealed class ProcessMetrics : IDisposable
{
    private const string Self = "/proc/self";

    private readonly Meter _meter;

    /// <summary>Makes the instruments in a broker's scope.</summary>
    public ProcessMetrics(object scope)
    {
        _meter = new Meter(new MeterOptions("FastLog.Console") { Scope = scope });
        _meter.CreateObservableCounter("process.cpu", CpuSeconds, "s", "CPU time of the process, by mode.");
        _meter.CreateObservableGauge(
            "process.resident.memory", () => StatusNumber("VmRSS:") * 1024, "By", "Memory of the process that is in RAM.");
        _meter.CreateObservableGauge(
            "process.resident.memory.peak", () => StatusNumber("VmHWM:") * 1024, "By",
            "The most memory of the process that was ever in RAM.");
        _meter.CreateObservableGauge("process.threads", () => StatusNumber("Threads:"), null, "Threads of the process.");
        _meter.CreateObservableGauge(
            "process.open.fds", () => Directory.EnumerateFileSystemEntries(Self + "/fd").LongCount(), null,
            "Open file descriptors.");
        _meter.CreateObservableGauge(
            "dotnet.gc.heap.size", () => GC.GetTotalMemory(forceFullCollection: false), "By",
            "Bytes on the managed heap, garbage not yet collected included.");
        _meter.CreateObservableGauge(
            "dotnet.thread.pool.threads", () => ThreadPool.ThreadCount, null, "Threads of the thread pool.");
        _meter.CreateObservableGauge(
            "dotnet.thread.pool.queued", () => ThreadPool.PendingWorkItemCount, null,
            "Work items that wait for a thread of the pool.");
        double started = Started();
        _meter.CreateObservableGauge(
            "process.start.time", () => started, "s", "When the process started, in seconds since 1970.");
    }

    /// <summary>Ends the instruments.</summary>
    public void Dispose() => _meter.Dispose();

    private static IEnumerable<Measurement<double>> CpuSeconds()
    {
        Environment.ProcessCpuUsage usage = Environment.CpuUsage;
        return
        [
            new(usage.UserTime.TotalSeconds, new KeyValuePair<string, object?>("mode", "user")),
            new(usage.PrivilegedTime.TotalSeconds, new KeyValuePair<string, object?>("mode", "system")),
        ];
    }

    private static double Started()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return (process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds;
    }

    private static long StatusNumber(string key)
    {
        foreach (string line in File.ReadLines(Self + "/status"))
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
            {
                string number = line[key.Length..].Trim().Split(' ')[0];
                return long.Parse(number, CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }
}
