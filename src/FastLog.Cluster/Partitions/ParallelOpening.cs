using System.Runtime.ExceptionServices;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>Opens the logs of several directories with so many threads for each, and tells how far it is.</summary>
internal static class ParallelOpening
{
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromSeconds(5);

    /// <summary>What is to be opened in one directory.</summary>
    /// <param name="Directory">Its path.</param>
    /// <param name="Indexes">The caller's numbers of the logs.</param>
    internal readonly record struct Share(string Directory, IReadOnlyList<int> Indexes);

    /// <summary>Returns when all is opened; rethrows the first exception once the other threads have stopped.</summary>
    public static void Run(
        IReadOnlyList<Share> shares, int threadsPerDirectory, Func<int, PartitionLog?> open, TimeProvider time, ILogger logger)
    {
        var threads = new List<Thread>();
        var works = shares.Select(share => new Work(share, open, time, logger)).ToList();
        foreach (var work in works)
        {
            // Threads of their own: they wait for disks, and the pool has few at start.
            for (var i = 0; i < Math.Min(threadsPerDirectory, work.Count); i++)
            {
                var thread = new Thread(work.Run) { Name = $"recovery {i} of {work.Directory}", IsBackground = true };
                threads.Add(thread);
                thread.Start();
            }
        }
        threads.ForEach(thread => thread.Join());
        foreach (var work in works)
        {
            work.Finish();
        }
    }

    private sealed class Work(Share share, Func<int, PartitionLog?> open, TimeProvider time, ILogger logger)
    {
        private readonly long _startedAt = time.GetTimestamp();
        private long _reportedAt = time.GetTimestamp();
        private long _finishedAt;
        private int _taken;
        private int _done;
        private long _scannedBytes;
        private long _cutBytes;
        private Exception? _failure;

        public string Directory => share.Directory;

        public int Count => share.Indexes.Count;

        public void Run()
        {
            try
            {
                while (Volatile.Read(ref _failure) is null && Interlocked.Increment(ref _taken) - 1 is var next && next < Count)
                {
                    var log = open(share.Indexes[next]);
                    Interlocked.Add(ref _scannedBytes, log?.RecoveryScannedBytes ?? 0);
                    Interlocked.Add(ref _cutBytes, log?.RecoveryCutBytes ?? 0);
                    NoteDone();
                }
            }
            catch (Exception exception)
            {
                Interlocked.CompareExchange(ref _failure, exception, null);
            }
        }

        public void Finish()
        {
            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }
            logger.LogInformation(
                "Opened {Total} log(s) of {Directory} in {Elapsed:0} ms, {Scanned} bytes scanned, {Cut} bytes cut",
                Count,
                Directory,
                time.GetElapsedTime(_startedAt, _finishedAt).TotalMilliseconds,
                _scannedBytes,
                _cutBytes);
        }

        private void NoteDone()
        {
            var done = Interlocked.Increment(ref _done);
            var now = time.GetTimestamp();
            if (done == Count)
            {
                _finishedAt = now;
                return;
            }
            var reported = Volatile.Read(ref _reportedAt);
            if (time.GetElapsedTime(reported, now) >= ReportPeriod
                && Interlocked.CompareExchange(ref _reportedAt, now, reported) == reported)
            {
                logger.LogInformation("Opened {Done} of {Total} log(s) of {Directory} so far", done, Count, Directory);
            }
        }
    }
}
