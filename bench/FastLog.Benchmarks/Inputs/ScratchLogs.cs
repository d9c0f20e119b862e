using FastLog.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Benchmarks.Inputs;

/// <summary>
/// A log directory on a real file system, with the partitions of one topic; gone when disposed. It lies below TMPDIR, so
/// that is what to set to measure another disk.
/// </summary>
internal sealed class ScratchLogs : IDisposable
{
    private static readonly Guid TopicId = new("0b5e0000-0000-4000-8000-000000000002");

    private readonly string _root = Directory.CreateTempSubdirectory("fastlog-benchmarks-").FullName;
    private readonly LogDirectory _directory;

    public ScratchLogs(int count, LogConfig config, bool hasJournal = true)
    {
        _directory = LogDirectory.Open(
            Path.Combine(_root, "data"),
            new LogDirectoryOptions
            {
                ClusterId = "benchmarks",
                NodeId = 1,
                FileDeleteDelayMs = 0,
                CommitJournalBytes = hasJournal ? 16 * 1024 * 1024 : 0,
            },
            new PosixFileSystem(),
            TimeProvider.System,
            NullLogger.Instance);
        Logs = [.. Enumerable.Range(0, count).Select(number =>
            _directory.CreateOrOpen(new TopicPartition("benchmarks", number), TopicId, config))];
    }

    public PartitionLog[] Logs { get; }

    public void Dispose()
    {
        _directory.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_root, recursive: true);
    }
}
