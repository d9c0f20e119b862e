using System.Diagnostics.Metrics;

namespace FastLog.Storage;

/// <summary>
/// The instruments of this room: what the log directories and the cleaner count anyway, read when somebody asks, and
/// the group commits. What is told per partition or topic is told by the room that knows them.
/// </summary>
public static class StorageMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "FastLog.Storage";

    /// <summary>Makes the instruments; they live as long as the meter.</summary>
    /// <param name="meter">The broker's meter of this room.</param>
    /// <param name="directories">The log directories.</param>
    /// <param name="cleaner">The threads that compact.</param>
    public static void Attach(Meter meter, IReadOnlyList<LogDirectory> directories, LogCleaner cleaner)
    {
        ArgumentNullException.ThrowIfNull(meter);
        ArgumentNullException.ThrowIfNull(directories);
        ArgumentNullException.ThrowIfNull(cleaner);
        foreach (LogDirectory directory in directories)
            directory.Flusher.Metrics = new CommitMetrics(meter, directory.DirectoryPath, directory.Time);
        AttachCommits(meter, directories);
        AttachFiles(meter, directories);
        meter.CreateObservableCounter(
            "fastlog.cleaner.runs", () => cleaner.CleaningsCount, null, "Logs compacted.");
        meter.CreateObservableCounter(
            "fastlog.cleaner.read", () => cleaner.ReadBytes, "By", "Bytes that compaction read, those of dirty parts twice.");
        meter.CreateObservableCounter(
            "fastlog.cleaner.freed", () => cleaner.FreedBytes, "By", "Bytes that compaction took away.");
    }

    private static void AttachCommits(Meter meter, IReadOnlyList<LogDirectory> directories)
    {
        meter.CreateObservableCounter(
            "fastlog.commit.rounds",
            () => directories.SelectMany(directory => ByWay(
                directory, directory.Flusher.Round.JournalRoundsCount, directory.Flusher.Round.FileRoundsCount)),
            null,
            "Group commits, by whether the commit journal or the logs' own files were synced; one that did both counts twice.");
        meter.CreateObservableCounter(
            "fastlog.commit.flushes",
            () => directories.SelectMany(directory => ByWay(
                directory, directory.Flusher.Round.JournaledLogsCount, directory.Flusher.Round.SyncedLogsCount)),
            null,
            "Logs made durable by group commits, by the way it was done.");
    }

    private static void AttachFiles(Meter meter, IReadOnlyList<LogDirectory> directories)
    {
        meter.CreateObservableGauge(
            "fastlog.log.directory.online",
            () => PerDirectory(directories, directory => directory.IsOffline ? 0 : 1),
            null,
            "1 while the log directory is in service, 0 after its disk failed.");
        meter.CreateObservableGauge(
            "fastlog.log.directory.logs",
            () => PerDirectory(directories, directory => directory.Logs.Count),
            null,
            "Open logs of the directory, the metadata log among them.");
        meter.CreateObservableGauge(
            "fastlog.log.directory.size",
            () => PerDirectory(directories, directory => directory.Logs.Sum(log => log.SizeInBytes)),
            "By",
            "Bytes of all segments in the directory.");
        meter.CreateObservableGauge(
            "fastlog.log.directory.segments",
            () => PerDirectory(directories, directory => directory.Logs.Sum(log => (long)log.SegmentCount)),
            null,
            "Segments in the directory.");
        meter.CreateObservableGauge(
            "fastlog.log.directory.open.files",
            () => PerDirectory(directories, directory => directory.OpenFilesCount),
            null,
            "Segment files that are open.");
        meter.CreateObservableCounter(
            "fastlog.retention.deleted.segments",
            () => PerDirectory(directories, directory => directory.DeletedSegmentsCount),
            null,
            "Segments that retention let go.");
    }

    private static IEnumerable<Measurement<long>> PerDirectory(
        IReadOnlyList<LogDirectory> directories, Func<LogDirectory, long> read) =>
        directories.Select(directory => new Measurement<long>(read(directory), Tag(directory)));

    private static Measurement<long>[] ByWay(LogDirectory directory, long journal, long files) =>
    [
        new(journal, Tag(directory), new KeyValuePair<string, object?>("way", "journal")),
        new(files, Tag(directory), new KeyValuePair<string, object?>("way", "files")),
    ];

    private static KeyValuePair<string, object?> Tag(LogDirectory directory) => new("directory", directory.DirectoryPath);
}
