namespace FastLog.Storage.Inspection;

/// <summary>Reads the text files that lie beside segments and beside partitions.</summary>
public static class CheckpointReader
{
    /// <summary>Names of a log directory's files with one offset per partition.</summary>
    public static IReadOnlyList<string> OffsetCheckpointNames { get; } =
    [
        OffsetCheckpointFile.RecoveryPoint,
        OffsetCheckpointFile.HighWatermark,
        OffsetCheckpointFile.LogStart,
        HomeCheckpoints.CleanerOffset,
    ];

    /// <summary>Reads one of <see cref="OffsetCheckpointNames"/>; empty when it is missing.</summary>
    /// <exception cref="CheckpointFormatException">It has not the form it must have.</exception>
    /// <exception cref="DiskException">It cannot be read.</exception>
    public static IReadOnlyDictionary<TopicPartition, long> ReadOffsets(IFileSystem files, string path) =>
        new OffsetCheckpointFile(files, path).Read();

    /// <summary>Reads the leader epochs of a partition's directory; empty when the file is missing.</summary>
    /// <exception cref="CheckpointFormatException">It has not the form it must have.</exception>
    /// <exception cref="DiskException">It cannot be read.</exception>
    public static IReadOnlyList<EpochEntry> ReadLeaderEpochs(IFileSystem files, string partitionDirectory) =>
        new LeaderEpochFile(files, partitionDirectory).Read();

    /// <summary>Reads the topic's id from a partition's directory; null when nothing tells it.</summary>
    /// <exception cref="CheckpointFormatException">The file has not the form it must have.</exception>
    /// <exception cref="DiskException">It cannot be read.</exception>
    public static Guid? ReadTopicId(IFileSystem files, string partitionDirectory) =>
        new PartitionMetadataFile(files, partitionDirectory).Read();

    /// <summary>Whether a log directory has the marker of a clean stop.</summary>
    public static bool HasCleanShutdown(IFileSystem files, string directory) =>
        new CleanShutdownFile(files, directory).Exists;
}
