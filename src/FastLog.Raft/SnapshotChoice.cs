using FastLog.Storage;
using FastLog.Storage.Inspection;
using Microsoft.Extensions.Logging;

namespace FastLog.Raft;

/// <summary>
/// Finds the snapshot that a metadata log goes on from: the oldest one that reaches the log's start, because the log
/// tells more than a snapshot does; or the newest one, when the log ends before it.
/// </summary>
internal static class SnapshotChoice
{
    /// <summary>The snapshot to begin with; null when the log has everything. The log may be started anew at its end.</summary>
    /// <exception cref="RaftException">The log starts behind everything that is told, or a snapshot that is needed is damaged.</exception>
    public static MetadataSnapshot? Find(PartitionLog log, IFileSystem files, ILogger logger)
    {
        var names = PartitionFiles.List(files, log.DirectoryPath).MetadataSnapshots;
        if (names.Count > 0 && MetadataSnapshot.ParseName(names[^1]).EndOffset > log.LogEndOffset)
        {
            var newest = MetadataSnapshot.Read(files, Path.Combine(log.DirectoryPath, names[^1]));
            logger.LogWarning(
                "The metadata log ends at {End}, before its snapshot {Snapshot}: it goes on from there", log.LogEndOffset, newest.Path);
            log.TruncateFullyAndStartAt(newest.EndOffset);
            return newest;
        }
        RaftException? failure = null;
        foreach (var name in names)
        {
            var endOffset = MetadataSnapshot.ParseName(name).EndOffset;
            if (endOffset < log.LogStartOffset || log.LogStartOffset == 0 && endOffset > 0)
            {
                continue;
            }
            try
            {
                return MetadataSnapshot.Read(files, Path.Combine(log.DirectoryPath, name));
            }
            catch (RaftException exception) when (log.LogStartOffset > 0)
            {
                // A newer one tells the same and more.
                logger.LogError(exception, "A metadata snapshot cannot be read");
                failure = exception;
            }
        }
        return log.LogStartOffset == 0
            ? null
            : throw new RaftException(
                $"{log.DirectoryPath} starts at offset {log.LogStartOffset}, and no snapshot beside it tells what was before", failure);
    }
}
