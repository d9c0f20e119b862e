using System.CommandLine;
using System.Diagnostics;
using FastLog.Storage;
using FastLog.StorageBench.Disk;
using FastLog.StorageBench.Measuring;

namespace FastLog.StorageBench.Commands;

/// <summary><c>partitions N</c>: one small batch to each of N partitions, until all are durable; and how it could be done.</summary>
internal static class PartitionsCommand
{
    private static readonly int[] ThreadCounts = [1, 2, 4, 8, 32];

    public static Command Create()
    {
        SharedOptions shared = new(roundsDefault: 7);
        Argument<int> count = new("partitions") { Description = "How many: 1, 16, 64, 1000, 10000." };
        Option<string?> only = new("--only")
        {
            Description = "Which: fastlog, fastlog_plain (no journal), or raw (the bare designs). All of 10,000 at once need 40,000 open files.",
        };
        Command command = new("partitions", "Group commits over many partitions, beside other designs of them.") { count, only };
        shared.AddTo(command);
        command.SetAction(parsed => Run(
            parsed.GetValue(shared.Parent)!, parsed.GetValue(shared.Rounds), parsed.GetValue(count), parsed.GetValue(only)));
        return command;
    }

    private static void Run(string parent, int rounds, int count, string? only)
    {
        using ScratchFolder folder = new(parent);
        byte[] batch = BenchBatches.Make(1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        using DurableGate gate = new();
        List<LogDirectory> directories = [];
        List<(string Name, string Key, Action Round)> ways = [];
        if (only is null or "fastlog")
            ways.Add(("FastLog", "fastlog", OurWay(folder, gate, count, batch, directories, hasJournal: true)));
        if (only is null or "fastlog_plain")
            ways.Add(("FastLog without its journal", "fastlog_plain", OurWay(folder, gate, count, batch, directories, hasJournal: false)));
        using RawRounds raw = new(folder, only is null or "raw" ? count : 0, batch);
        if (only is null or "raw")
        {
            ways.AddRange(ThreadCounts.Select(threads => (
                $"fdatasync file by file, {threads} thread(s)", $"fdatasync_{threads}", (Action)(() => raw.SyncEach(threads)))));
            ways.Add(("syncfs", "syncfs", raw.SyncFileSystem));
            ways.Add(("one journal, written and synced once", "journal", raw.Journal));
        }
        if (ways.Count == 0)
            throw new ArgumentException($"--only {only} is none of fastlog, fastlog_plain, raw.");
        Samples[] milliseconds = [.. ways.Select(_ => new Samples())];
        for (int round = -1; round < rounds; round++)
        {
            for (int turn = 0; turn < ways.Count; turn++)
            {
                int i = (turn + Math.Max(round, 0)) % ways.Count;
                long begin = Stopwatch.GetTimestamp();
                ways[i].Round();
                // The first round makes blocks and names that the others find.
                if (round >= 0)
                    milliseconds[i].Add(Stopwatch.GetElapsedTime(begin).TotalMilliseconds);
                // What a way leaves unsynced must not be the next one's to write: the journal's files above all.
                raw.Settle();
            }
        }

        Report report = new($"partitions, {count} of them, a batch of {batch.Length} bytes to each, {rounds} rounds");
        for (int i = 0; i < ways.Count; i++)
        {
            report.Add(ways[i].Name, ways[i].Key + "_ms", milliseconds[i].Median, "ms per round");
            report.Add("  that is", ways[i].Key + "_rounds_s", 1000 / milliseconds[i].Median, "rounds/s");
        }
        report.Print();
        directories.ForEach(directory => directory.DisposeAsync().AsTask().GetAwaiter().GetResult());
    }

    private static Action OurWay(
        ScratchFolder folder, DurableGate gate, int count, byte[] batch, List<LogDirectory> directories, bool hasJournal)
    {
        LogDirectory directory = BenchDirectory.Open(folder.File($"ours-{directories.Count}"), hasJournal);
        directories.Add(directory);
        PartitionLog[] logs = BenchDirectory.OpenLogs(directory, count, new LogConfig());
        Array.ForEach(logs, gate.Watch);
        return () => OurRound(gate, logs, batch);
    }

    private static void OurRound(DurableGate gate, PartitionLog[] logs, byte[] batch)
    {
        gate.Begin(logs.Length);
        foreach (PartitionLog log in logs)
            DurableGate.Append(log, batch);
        gate.Wait();
    }
}
