namespace FastLog.Storage;

/// <content>Directories that belong to nobody.</content>
public sealed partial class LogDirectory
{
    /// <summary>
    /// Renames the directory of a partition that is not open to <c>topic-partition.uuidhex-stray</c>: it is served no
    /// more and nothing of it is lost.
    /// </summary>
    /// <returns>The directory's new name.</returns>
    /// <exception cref="DiskException">The directory failed and is offline.</exception>
    public string SetAside(TopicPartition partition)
    {
        string stray = $"{partition}.{Guid.NewGuid():N}-stray";
        try
        {
            lock (LockOf(partition))
                lock (_changeLock)
                {
                    Invariant.Check(!_logs.ContainsKey(partition), "an open log is not set aside");
                    _files.Rename(PathOf(partition), Path.Combine(DirectoryPath, stray));
                    _files.SyncDirectory(DirectoryPath);
                    _unopened.TryRemove(partition, out _);
                    // A log of the same name made later must not start from this one's offsets.
                    _recoveryPoints.Remove(partition);
                    _logStarts.Remove(partition);
                    _highWatermarks.Remove(partition);
                    _cleanedOffsets.Remove(partition);
                }
        }
        catch (DiskException failure) when (!failure.IsOutOfSpace)
        {
            Fail(failure);
            throw;
        }
        return stray;
    }
}
