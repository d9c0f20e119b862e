using System.CommandLine;
using System.Diagnostics;
using FastLog.Storage;
using FastLog.StorageBench.Disk;
using FastLog.StorageBench.Measuring;

namespace FastLog.StorageBench.Commands;

/// <summary><c>reads SIZE_GB</c>: one batch from anywhere in a large log, found by offset and by timestamp in turns.</summary>
internal static class ReadsCommand
{
    private const int BatchBytes = 16_384;
    private const int BytesPerGigabyte = 1_000_000_000;

    public static Command Create()
    {
        SharedOptions shared = new(roundsDefault: 5);
        Argument<double> gigabytes = new("size-gb") { Description = "Size of the log in GB, 10^9 bytes." };
        Option<int> reads = new("--reads") { Description = "Reads of each kind in a round.", DefaultValueFactory = _ => 20_000 };
        Command command = new("reads", "Random reads in a large log.") { gigabytes, reads };
        shared.AddTo(command);
        command.SetAction(parsed => Run(
            parsed.GetValue(shared.Parent)!, parsed.GetValue(shared.Rounds), parsed.GetValue(gigabytes), parsed.GetValue(reads)));
        return command;
    }

    private static void Run(string parent, int rounds, double gigabytes, int reads)
    {
        using ScratchFolder folder = new(parent);
        LogDirectory directory = BenchDirectory.Open(folder.File("reads"));
        LogConfig config = new() { FlushMessages = long.MaxValue, MessageTimestampAfterMaxMs = long.MaxValue };
        PartitionLog log = BenchDirectory.OpenLogs(directory, 1, config)[0];
        long firstMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        long batches = Fill(log, (long)(gigabytes * BytesPerGigabyte), firstMs);
        directory.FlushAll();

        Random random = new(1);
        byte[] buffer = new byte[2 * BatchBytes];
        Kind byOffset = new("by offset", "offset", _ => random.NextInt64(log.LogEndOffset));
        Kind byTimestamp = new("by timestamp", "timestamp", _ => log.OffsetForTimestamp(firstMs + random.NextInt64(batches)).Offset);
        for (int round = 0; round < rounds; round++)
        {
            byOffset.Measure(log, buffer, reads);
            byTimestamp.Measure(log, buffer, reads);
        }

        Report report = new($"reads, one batch of {BatchBytes} bytes each, log of {gigabytes} GB, {rounds} rounds of {reads}");
        byOffset.AddTo(report);
        byTimestamp.AddTo(report);
        report.Print();
        directory.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    // A millisecond for each batch: every one can be asked for by its time.
    private static long Fill(PartitionLog log, long bytes, long firstMs)
    {
        long batches = Math.Max(1, bytes / BatchBytes);
        for (long i = 0; i < batches; i++)
        {
            byte[] batch = BenchBatches.Make(BatchBytes, firstMs + i, seed: 1);
            AppendResult result = log.Append(new(batch), AppendOrigin.Client, leaderEpoch: 0);
            if (result.Error != AppendError.None)
                throw new IOException($"{result.Error} {result.Message}");
        }
        return batches;
    }

    /// <summary>One way to find the offset, and what reading from there took.</summary>
    private sealed class Kind(string name, string key, Func<int, long> find)
    {
        private readonly Samples _medians = new();
        private readonly Samples _tails = new();
        private readonly Samples _perSecond = new();
        private readonly Samples _cpu = new();

        public void Measure(PartitionLog log, byte[] buffer, int reads)
        {
            Samples micros = new();
            TimeSpan cpuBefore = Environment.CpuUsage.TotalTime;
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < reads; i++)
            {
                long at = Stopwatch.GetTimestamp();
                ReadResult read = log.Read(find(i), BatchBytes, long.MaxValue, atLeastOneBatch: true);
                if (read.SizeInBytes == 0)
                    throw new IOException($"nothing to read: {read.Status}");
                read.Lease!.File.Read(read.Position, buffer.AsSpan(0, Math.Min(buffer.Length, read.SizeInBytes)));
                read.Lease.Dispose();
                micros.Add(Stopwatch.GetElapsedTime(at).TotalMicroseconds);
            }
            double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            _cpu.Add((Environment.CpuUsage.TotalTime - cpuBefore).TotalMicroseconds / reads);
            _medians.Add(micros.Median);
            _tails.Add(micros.Quantile(0.99));
            _perSecond.Add(reads / seconds);
        }

        public void AddTo(Report report)
        {
            report.Add($"{name}, median", $"{key}_p50_us", _medians.Median, "µs");
            report.Add($"{name}, 99 %", $"{key}_p99_us", _tails.Median, "µs");
            report.Add($"{name}, reads", $"{key}_reads_s", _perSecond.Median, "per s");
            report.Add($"{name}, CPU", $"{key}_cpu_us", _cpu.Median, "µs per read");
        }
    }
}
