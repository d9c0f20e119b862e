namespace FastLog.Storage;

/// <content>The logs of a directory.</content>
public sealed partial class LogDirectory
{
    /// <summary>The partitions that lie in the directory, open or not, with the topic ids they were made for.</summary>
    public List<ExistingPartition> ExistingPartitions()
    {
        List<ExistingPartition> partitions = [];
        foreach (string name in _files.ListDirectories(DirectoryPath))
        {
            if (!TopicPartition.TryParse(name, out TopicPartition partition))
                continue;
            Guid? topicId = ReadTopicId(partition);
            // Opening the log asks for it again.
            _unopened.TryUpdate(partition, topicId, null);
            partitions.Add(new ExistingPartition(partition, topicId));
        }
        return partitions;
    }

    // Damage here is the one partition's: opening it will say so, and the others are served.
    private Guid? ReadTopicId(TopicPartition partition)
    {
        try
        {
            return new PartitionMetadataFile(_files, PathOf(partition)).Read();
        }
        catch (CheckpointFormatException)
        {
            return null;
        }
    }

    /// <summary>The open log of a partition; null when it is not open.</summary>
    public PartitionLog? Find(TopicPartition partition) => _logs.GetValueOrDefault(partition);

    /// <summary>Opens a partition's log, recovering it if need be, or makes an empty one.</summary>
    /// <param name="partition">Topic and number.</param>
    /// <param name="topicId">The topic's id; written into a new directory, compared with an old one's.</param>
    /// <param name="config">The topic's settings.</param>
    /// <exception cref="LogDirectoryException">The directory on disk is that of another topic of the same name.</exception>
    /// <exception cref="LogCorruptException">Durable data is damaged.</exception>
    /// <exception cref="LogUnavailableException">The directory is offline or closed.</exception>
    /// <exception cref="DiskException">The disk is full, or failed and the directory is offline.</exception>
    public PartitionLog CreateOrOpen(TopicPartition partition, Guid topicId, LogConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (_logs.TryGetValue(partition, out PartitionLog? open))
            return open;
        try
        {
            lock (LockOf(partition))
            {
                if (IsOffline || Volatile.Read(ref _isDisposed))
                    throw new LogUnavailableException(partition);
                return _logs.TryGetValue(partition, out open) ? open : Load(partition, topicId, config);
            }
        }
        catch (DiskException failure)
        {
            if (failure.IsOutOfSpace)
                ReportNoSpace(failure);
            else
                Fail(failure);
            throw;
        }
    }

    /// <summary>
    /// Deletes a partition's log, open or not: gone at once, its bytes after <see cref="LogDirectoryOptions.FileDeleteDelayMs"/>.
    /// A partition that is not there is no error.
    /// </summary>
    /// <exception cref="DiskException">The directory failed and is offline.</exception>
    public ValueTask DeleteAsync(TopicPartition partition)
    {
        try
        {
            lock (LockOf(partition))
            {
                lock (_changeLock)
                    Delete(partition);
            }
        }
        catch (DiskException failure) when (!failure.IsOutOfSpace)
        {
            Fail(failure);
            throw;
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the files of segments that were not used since the last call. For the broker's scheduler.</summary>
    public void CloseIdleFiles() => _openFiles.CloseIdle();

    private PartitionLog Load(TopicPartition partition, Guid topicId, LogConfig config)
    {
        string path = PathOf(partition);
        bool isExisting = _unopened.TryGetValue(partition, out Guid? knownId) || _files.DirectoryExists(path);
        if (!isExisting)
        {
            _files.CreateDirectory(path);
            lock (_rootLock)
                _rootIsDirty = true;
        }
        Guid id = ClaimTopicId(path, knownId, topicId);
        LoadRequest request = new(_recoveryPoints[partition], _logStarts[partition], WasCleanShutdown && _unopened.ContainsKey(partition));
        SegmentStore store = new(this, path);
        LoadedLog loaded = new LogLoader(this, store, partition, config, request).Load();
        PartitionLog log = new(this, partition, id, store, config, loaded);
        _unopened.TryRemove(partition, out _);
        _logs[partition] = log;
        return log;
    }

    private Guid ClaimTopicId(string path, Guid? knownId, Guid topicId)
    {
        PartitionMetadataFile metadata = new(_files, path);
        Guid? found = knownId ?? metadata.Read();
        if (found is null)
            metadata.Write(topicId);
        else if (found != topicId && topicId != Guid.Empty)
            throw new LogDirectoryException(path, "the directory belongs to another topic of the same name");
        return found ?? topicId;
    }

    private void Delete(TopicPartition partition)
    {
        if (_logs.TryRemove(partition, out PartitionLog? log))
            log.Abandon();
        _unopened.TryRemove(partition, out _);
        string path = PathOf(partition);
        if (IsOffline || !_files.DirectoryExists(path))
            return;
        string deleted = Path.Combine(DirectoryPath, DeletedDirectoryName.Of(partition, Guid.NewGuid()));
        _files.Rename(path, deleted);
        _files.SyncDirectory(DirectoryPath);
        // A log of the same name made later must not be given this one's journaled bytes, nor start from its offsets.
        if (log is not null)
            _journal?.Forget(log);
        _recoveryPoints.Remove(partition);
        _logStarts.Remove(partition);
        _highWatermarks.Remove(partition);
        _cleanedOffsets.Remove(partition);
        _removal.Add(deleted, _options.FileDeleteDelayMs);
    }

    private Lock LockOf(TopicPartition partition) => _partitionLocks[(uint)partition.GetHashCode() % PartitionLocksCount];

    private string PathOf(TopicPartition partition) => Path.Combine(DirectoryPath, partition.ToString());
}
