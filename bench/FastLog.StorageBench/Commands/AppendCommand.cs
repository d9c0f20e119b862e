using System.CommandLine;
using System.Diagnostics;
using FastLog.Storage;
using FastLog.StorageBench.Disk;
using FastLog.StorageBench.Measuring;

namespace FastLog.StorageBench.Commands;

/// <summary>
/// <c>append</c>: batches one after another, some waiting for the disk while the next are appended, against pwrite and
/// fdatasync of as many bytes at a time as the group commits came to.
/// </summary>
internal static class AppendCommand
{
    public static Command Create()
    {
        SharedOptions shared = new(roundsDefault: 9);
        Option<int> megabytes = new("--megabytes") { Description = "What one round writes.", DefaultValueFactory = _ => 128 };
        Option<int> batchBytes = new("--batch-bytes") { Description = "Size of a batch.", DefaultValueFactory = _ => 1_000_000 };
        Option<int> inFlight = new("--in-flight")
        {
            Description = "Batches that may be appended and not yet durable.",
            DefaultValueFactory = _ => 5,
        };
        Command command = new("append", "Append batches of 100-byte records, synced by group commit.") { megabytes, batchBytes, inFlight };
        shared.AddTo(command);
        command.SetAction(parsed => Run(
            parsed.GetValue(shared.Parent)!,
            parsed.GetValue(shared.Rounds),
            parsed.GetValue(megabytes),
            parsed.GetValue(batchBytes),
            parsed.GetValue(inFlight)));
        return command;
    }

    private static void Run(string parent, int rounds, int megabytes, int batchBytes, int inFlight)
    {
        using ScratchFolder folder = new(parent);
        byte[] batch = BenchBatches.Make(batchBytes, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        int batches = Math.Max(1, (int)(megabytes * 1_000_000L / batch.Length));
        double roundMegabytes = (double)batches * batch.Length / 1_000_000;
        Samples ours = new();
        Samples raw = new();
        Samples groups = new();
        // The first is not counted, but tells how large the groups come out.
        (_, double group) = Ours(folder, -1, batch, batches, inFlight);
        for (int round = 0; round < rounds; round++)
        {
            // In turns, and each first every other time: a disk that changes its mind does so for both.
            if (round % 2 == 1)
                raw.Add(roundMegabytes / Raw(folder, round, batch, batches, group));
            (double seconds, group) = Ours(folder, round, batch, batches, inFlight);
            ours.Add(roundMegabytes / seconds);
            groups.Add(group);
            if (round % 2 == 0)
                raw.Add(roundMegabytes / Raw(folder, round, batch, batches, group));
        }

        Report report = new($"append, {batches} batches of {batch.Length} bytes, {inFlight} in flight, {rounds} rounds");
        report.Add("FastLog", "fastlog_mb_s", ours.Median, "MB/s");
        report.Add("pwrite and fdatasync", "raw_mb_s", raw.Median, "MB/s");
        report.Add("batches per sync", "batches_per_sync", groups.Median, "");
        report.Add("ratio", "ratio", ours.Median / raw.Median, "");
        report.Print();
    }

    private static (double Seconds, double BatchesPerSync) Ours(ScratchFolder folder, int round, byte[] batch, int batches, int inFlight)
    {
        string path = folder.File($"ours-{round}");
        LogDirectory directory = BenchDirectory.Open(path);
        DurableWindow window = new(BenchDirectory.OpenLogs(directory, 1, new LogConfig())[0]);
        long[] ends = new long[batches];
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < batches; i++)
        {
            if (i >= inFlight)
                window.WaitFor(ends[i - inFlight]);
            ends[i] = window.Append(batch);
        }
        window.WaitFor(ends[^1]);
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        double batchesPerSync = (double)batches / directory.FlushCounts.RoundsCount;
        directory.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(path, recursive: true);
        return (seconds, batchesPerSync);
    }

    private static double Raw(ScratchFolder folder, int round, byte[] batch, int batches, double batchesPerSync)
    {
        string path = folder.File($"raw-{round}");
        double seconds;
        using (RawFile file = new(path))
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < batches; i++)
            {
                file.Append(batch);
                if ((long)((i + 1) / batchesPerSync) > (long)(i / batchesPerSync) || i == batches - 1)
                    file.Sync();
            }
            seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        File.Delete(path);
        return seconds;
    }
}
