using System.Diagnostics;
using System.Globalization;
using FastLog.Load.Measuring;

namespace FastLog.Load.Tests;

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
        ProcessSnapshot before = Probe().Take();

        WriteProcess(userTicks: 1150, systemTicks: 525, writtenBytes: 3_000_000, peakKilobytes: 200);
        WriteThread(1, voluntary: 15, involuntary: 3);
        Directory.Delete(ThreadFolder(2), recursive: true);
        WriteThread(3, voluntary: 7, involuntary: 4);
        ProcessUse use = ProcessUse.Between(before, Probe().Take());

        Assert.Equal((1.5, 0.25, 1.75), (use.CpuUserSeconds, use.CpuSystemSeconds, use.CpuSeconds));
        Assert.Equal((2_000_000L, 200L * 1024), (use.WrittenBytes, use.PeakResidentBytes));
        // Thread 2 has ended with its counts; 3 is new.
        Assert.Equal((5L + 7, 2L + 4), (use.VoluntarySwitches, use.InvoluntarySwitches));
    }

    [Fact]
    public void Another_process_with_the_same_id_is_not_taken_for_it()
    {
        WriteProcess(userTicks: 10, systemTicks: 10, writtenBytes: 0, peakKilobytes: 1, startTicks: 1);
        ProcessSnapshot before = Probe().Take();
        WriteProcess(userTicks: 20, systemTicks: 20, writtenBytes: 0, peakKilobytes: 1, startTicks: 2);
        Assert.Throws<ProcessGoneException>(() => ProcessUse.Between(before, Probe().Take()));
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
        ProcessProbe probe = new(Environment.ProcessId);
        ProcessSnapshot before = probe.Take();
        // As long as it takes until the kernel has counted some of it.
        Stopwatch watch = Stopwatch.StartNew();
        ProcessUse use;
        do
        {
            use = ProcessUse.Between(before, probe.Take());
        }
        while (use.CpuSeconds <= 0 && watch.Elapsed < TimeSpan.FromMinutes(1));

        Assert.True(use.CpuSeconds > 0);
        Assert.True(use.PeakResidentBytes > 1_000_000);
        Assert.NotEmpty(before.SwitchesByThread);
    }

    private ProcessProbe Probe() => new(Pid, _proc.FullName);

    private string ThreadFolder(int thread) =>
        Path.Combine(_proc.FullName, Pid.ToString(CultureInfo.InvariantCulture), "task", thread.ToString(CultureInfo.InvariantCulture));

    private void WriteProcess(long userTicks, long systemTicks, long writtenBytes, long peakKilobytes, long startTicks = 77)
    {
        DirectoryInfo folder = _proc.CreateSubdirectory(Pid.ToString(CultureInfo.InvariantCulture));
        folder.CreateSubdirectory("task");
        File.WriteAllText(
            Path.Combine(folder.FullName, "stat"),
            $"{Pid} (fastlog) S 1 1 1 0 -1 0 0 0 0 0 {userTicks} {systemTicks} 0 0 20 0 3 0 {startTicks} 0 0");
        File.WriteAllText(Path.Combine(folder.FullName, "status"), $"Name:\tfastlog\nVmHWM:\t{peakKilobytes} kB\n");
        File.WriteAllText(Path.Combine(folder.FullName, "io"), $"read_bytes: 0\nwrite_bytes: {writtenBytes}\n");
    }

    private void WriteThread(int thread, long voluntary, long involuntary)
    {
        Directory.CreateDirectory(ThreadFolder(thread));
        File.WriteAllText(
            Path.Combine(ThreadFolder(thread), "status"),
            $"voluntary_ctxt_switches:\t{voluntary}\nnonvoluntary_ctxt_switches:\t{involuntary}\n");
    }
}
