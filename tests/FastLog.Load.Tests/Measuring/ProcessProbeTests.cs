using System.Diagnostics;
using System.Globalization;
using FastLog.Load.Measuring;

namespace FastLog.Load.Tests.Measuring;

public sealed class ProcessProbeTests : IDisposable
{
    private const int Pid = 4242;

    private readonly DirectoryInfo _proc = Directory.CreateTempSubdirectory("fastlog-proc-");

    public void Dispose() => _proc.Delete(recursive: true);

    [Fact]
    public void Use_is_the_difference_between_two_moments()
    {
        WriteProcess(userTicks: 1000, systemTicks: 500, writtenBytes: 1_000_000, peakKilobytes: 100);
        WriteThread(1, voluntary: 10, involuntary: 1);
        WriteThread(2, voluntary: 1000, involuntary: 100);
        ProcessWatch watch = new(Probe().Take);

        WriteProcess(userTicks: 1150, systemTicks: 525, writtenBytes: 3_000_000, peakKilobytes: 200);
        WriteThread(1, voluntary: 15, involuntary: 3);
        EndThread(2);
        WriteThread(3, voluntary: 7, involuntary: 4);
        ProcessUse use = watch.Look();

        Assert.Equal(use, watch.Total());
        Assert.Equal((1.5, 0.25, 1.75), (use.CpuUserSeconds, use.CpuSystemSeconds, use.CpuSeconds));
        Assert.Equal((2_000_000L, 200L * 1024, 100L * 1024), (use.WrittenBytes, use.PeakResidentBytes, use.ResidentBytes));
        Assert.Equal((150L, 300L, 6_000_000L, 450L), (use.ReadCalls, use.WriteCalls, use.WriteCallBytes, use.MinorFaults));
        // Thread 2 has ended with its counts; 3 is new.
        Assert.Equal((5L + 7, 2L + 4), (use.VoluntarySwitches, use.InvoluntarySwitches));
    }

    [Fact]
    public void Looking_in_between_keeps_the_switches_of_threads_that_end()
    {
        WriteProcess(userTicks: 0, systemTicks: 0, writtenBytes: 0, peakKilobytes: 1);
        WriteThread(1, voluntary: 100, involuntary: 10);
        ProcessWatch watch = new(Probe().Take);
        WriteThread(1, voluntary: 130, involuntary: 13);
        WriteThread(2, voluntary: 5, involuntary: 1);
        Assert.Equal((35L, 4L), Switches(watch.Look()));

        EndThread(1);
        WriteThread(2, voluntary: 6, involuntary: 1);
        Assert.Equal((1L, 0L), Switches(watch.Look()));

        // The id of a thread that ended went to another, which has done less.
        EndThread(2);
        WriteThread(2, voluntary: 2, involuntary: 1);
        Assert.Equal((2L, 1L), Switches(watch.Look()));
        Assert.Equal((38L, 5L), Switches(watch.Total()));
    }

    [Fact]
    public void Another_process_with_the_same_id_is_not_taken_for_it()
    {
        WriteProcess(userTicks: 10, systemTicks: 10, writtenBytes: 0, peakKilobytes: 1, startTicks: 1);
        ProcessWatch watch = new(Probe().Take);
        WriteProcess(userTicks: 20, systemTicks: 20, writtenBytes: 0, peakKilobytes: 1, startTicks: 2);
        Assert.Throws<ProcessGoneException>(() => watch.Look());
    }

    [Fact]
    public void A_process_that_is_not_there_is_said_so()
    {
        ProcessGoneException gone = Assert.Throws<ProcessGoneException>(() => Probe().Take());
        Assert.Contains("4242", gone.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void This_very_process_can_be_looked_at()
    {
        ProcessWatch process = new(new ProcessProbe(Environment.ProcessId).Take);
        // As long as it takes until the kernel has counted some of it.
        Stopwatch watch = Stopwatch.StartNew();
        do
        {
            process.Look();
        }
        while (process.Total().CpuSeconds <= 0 && watch.Elapsed < TimeSpan.FromMinutes(1));

        ProcessUse use = process.Total();
        Assert.True(use.CpuSeconds > 0);
        Assert.InRange(use.ResidentBytes, 1_000_000, use.PeakResidentBytes);
        Assert.True(use.ReadCalls > 0);
        Assert.NotEmpty(process.Last.SwitchesByThread);
    }

    private static (long Voluntary, long Involuntary) Switches(ProcessUse use) =>
        (use.VoluntarySwitches, use.InvoluntarySwitches);

    private void EndThread(int thread) => Directory.Delete(ThreadFolder(thread), recursive: true);

    private ProcessProbe Probe() => new(Pid, _proc.FullName);

    private string ThreadFolder(int thread) =>
        Path.Combine(_proc.FullName, Pid.ToString(CultureInfo.InvariantCulture), "task", thread.ToString(CultureInfo.InvariantCulture));

    private void WriteProcess(long userTicks, long systemTicks, long writtenBytes, long peakKilobytes, long startTicks = 77)
    {
        DirectoryInfo folder = _proc.CreateSubdirectory(Pid.ToString(CultureInfo.InvariantCulture));
        folder.CreateSubdirectory("task");
        File.WriteAllText(
            Path.Combine(folder.FullName, "stat"),
            $"{Pid} (fastlog) S 1 1 1 0 -1 0 {3 * userTicks} 0 0 0 {userTicks} {systemTicks} 0 0 20 0 3 0 {startTicks} 0 0");
        File.WriteAllText(Path.Combine(folder.FullName, "status"), $"Name:\tfastlog\nVmHWM:\t{peakKilobytes} kB\nVmRSS:\t{peakKilobytes / 2} kB\n");
        File.WriteAllText(Path.Combine(folder.FullName, "io"), $"rchar: 9\nwchar: {3 * writtenBytes}\nsyscr: {userTicks}\nsyscw: {2 * userTicks}\nread_bytes: 0\nwrite_bytes: {writtenBytes}\n");
    }

    private void WriteThread(int thread, long voluntary, long involuntary)
    {
        Directory.CreateDirectory(ThreadFolder(thread));
        File.WriteAllText(
            Path.Combine(ThreadFolder(thread), "status"),
            $"voluntary_ctxt_switches:\t{voluntary}\nnonvoluntary_ctxt_switches:\t{involuntary}\n");
    }
}
