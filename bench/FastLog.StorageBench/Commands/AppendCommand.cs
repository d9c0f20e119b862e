using System.CommandLine;
using System.Diagnostics;
using FastLog.Storage;
using FastLog.StorageBench.Disk;
using FastLog.StorageBench.Measuring;

namespace FastLog.StorageBench.Commands;

/// <summary><c>append</c>: batches one after another, each durable before the next, against pwrite and fdatasync.</summary>
internal static class AppendCommand
{
    public static Command Create()
    {
        SharedOptions shared = new(roundsDefault: 9);
        Option<int> megabytes = new("--megabytes") { Description = "What one round writes.", DefaultValueFactory = _ => 128 };
        Option<int> batchBytes = new("--batch-bytes") { Description = "Size of a batch.", DefaultValueFactory = _ => 1_000_000 };
        Command command = new("append", "Append batches of 100-byte records, each synced before the next.") { megabytes, batchBytes };
        shared.AddTo(command);
        command.SetAction(parsed => Run(
            parsed.GetValue(shared.Parent)!, parsed.GetValue(shared.Rounds), parsed.GetValue(megabytes), parsed.GetValue(batchBytes)));
        return command;
    }

    private static void Run(string parent, int rounds, int megabytes, int batchBytes)
    {
        using ScratchFolder folder = new(parent);
        byte[] batch = BenchBatches.Make(batchBytes, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        int batches = Math.Max(1, (int)(megabytes * 1_000_000L / batch.Length));
        double roundMegabytes = (double)batches * batch.Length / 1_000_000;
        Samples ours = new();
        Samples raw = new();
        for (int round = 0; round < rounds; round++)
        {
            // In turns, and each first every other time: a disk that changes its mind does so for both.
            if (round % 2 == 0)
                ours.Add(roundMegabytes / Ours(folder, round, batch, batches));
            raw.Add(roundMegabytes / Raw(folder, round, batch, batches));
            if (round % 2 == 1)
                ours.Add(roundMegabytes / Ours(folder, round, batch, batches));
        }

        Report report = new($"append, {batches} batches of {batch.Length} bytes, {rounds} rounds");
        report.Add("FastLog", "fastlog_mb_s", ours.Median, "MB/s");
        report.Add("pwrite and fdatasync", "raw_mb_s", raw.Median, "MB/s");
        report.Add("ratio", "ratio", ours.Median / raw.Median, "");
        report.Print();
    }

    private static double Ours(ScratchFolder folder, int round, byte[] batch, int batches)
    {
        string path = folder.File($"ours-{round}");
        LogDirectory directory = BenchDirectory.Open(path);
        PartitionLog log = BenchDirectory.OpenLogs(directory, 1, new LogConfig())[0];
        using DurableGate gate = new();
        gate.Watch(log);
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; i < batches; i++)
        {
            gate.Begin(1);
            DurableGate.Append(log, batch);
            gate.Wait();
        }
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        directory.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(path, recursive: true);
        return seconds;
    }

    private static double Raw(ScratchFolder folder, int round, byte[] batch, int batches)
    {
        string path = folder.File($"raw-{round}");
        double seconds;
        using (RawFile file = new(path))
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < batches; i++)
            {
                file.Append(batch);
                file.Sync();
            }
            seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }
        File.Delete(path);
        return seconds;
    }
}
