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
        Command command = new("partitions", "Group commits over many partitions, beside other designs of them.") { count };
        shared.AddTo(command);
        command.SetAction(parsed => Run(parsed.GetValue(shared.Parent)!, parsed.GetValue(shared.Rounds), parsed.GetValue(count)));
        return command;
    }

    private static void Run(string parent, int rounds, int count)
    {
        using ScratchFolder folder = new(parent);
        byte[] batch = BenchBatches.Make(1, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        LogDirectory directory = BenchDirectory.Open(folder.File("ours"));
        PartitionLog[] logs = BenchDirectory.OpenLogs(directory, count, new LogConfig());
        using DurableGate gate = new();
        Array.ForEach(logs, gate.Watch);
        using RawRounds raw = new(folder, count, batch);
        List<(string Name, string Key, Action Round)> ways =
        [
            ("FastLog", "fastlog", () => OurRound(gate, logs, batch)),
            .. ThreadCounts.Select(threads => ($"fdatasync file by file, {threads} thread(s)", $"fdatasync_{threads}", (Action)(() => raw.SyncEach(threads)))),
            ("syncfs", "syncfs", raw.SyncFileSystem),
            ("one journal, written and synced once", "journal", raw.Journal),
        ];
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
        directory.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private static void OurRound(DurableGate gate, PartitionLog[] logs, byte[] batch)
    {
        gate.Begin(logs.Length);
        foreach (PartitionLog log in logs)
            DurableGate.Append(log, batch);
        gate.Wait();
    }
}
