using FastLog.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.StorageBench.Disk;

/// <summary>A log directory with the partitions of one topic.</summary>
internal static class BenchDirectory
{
    private static readonly Guid TopicId = new("0b5e0000-0000-4000-8000-000000000001");

    /// <param name="path">The directory.</param>
    /// <param name="hasJournal">Whether group commits may go through a commit journal; else they sync file by file.</param>
    public static LogDirectory Open(string path, bool hasJournal = true) => LogDirectory.Open(
        path,
        new LogDirectoryOptions
        {
            ClusterId = "bench",
            NodeId = 1,
            FileDeleteDelayMs = 0,
            CommitJournalBytes = hasJournal ? 64 * 1024 * 1024 : 0,
        },
        new PosixFileSystem(),
        TimeProvider.System,
        NullLogger.Instance);

    /// <summary>Opens or makes partitions 0 to <paramref name="count"/> - 1, some at a time as a broker does.</summary>
    public static PartitionLog[] OpenLogs(LogDirectory directory, int count, LogConfig config)
    {
        PartitionLog[] logs = new PartitionLog[count];
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, index =>
            logs[index] = directory.CreateOrOpen(new TopicPartition("bench", index), TopicId, config));
        return logs;
    }
}
