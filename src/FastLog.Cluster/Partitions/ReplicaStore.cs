using FastLog.Raft;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>What becomes of a partition's directory found at start.</summary>
internal enum StoredReplicaFate
{
    /// <summary>Its topic is there: it will be opened.</summary>
    Keep,

    /// <summary>Its topic was removed by this cluster: so is the directory.</summary>
    Delete,

    /// <summary>Nobody knows its topic: it is renamed out of the way and kept for people to look at.</summary>
    Stray,
}

/// <summary>In which log directory each replica of this broker lies. Calls for several partitions may come at once.</summary>
/// <param name="directories">The directories that could be opened.</param>
/// <param name="areAllOpen">Whether those are all that are configured.</param>
/// <param name="threadsPerDirectory">How many threads open the logs of one directory.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where progress and removals are told.</param>
internal sealed class ReplicaStore(
    IReadOnlyList<LogDirectory> directories,
    bool areAllOpen,
    int threadsPerDirectory,
    TimeProvider time,
    ILogger<ReplicaStore> logger)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TopicPartition, LogDirectory> _homes = [];
    private readonly Dictionary<LogDirectory, int> _replicasCounts = directories.ToDictionary(home => home, _ => 0);

    /// <summary>How many logs may be made side by side.</summary>
    public ParallelOptions Parallelism { get; } = new() { MaxDegreeOfParallelism = directories.Count * threadsPerDirectory };

    /// <summary>Takes stock of all directories, and puts away what is not to be kept.</summary>
    /// <param name="fateOf">What becomes of a partition of a topic id.</param>
    /// <param name="directoryOf">The directory that the metadata has a partition in: of two copies, that one is the replica.</param>
    public void Load(Func<TopicPartition, Guid?, StoredReplicaFate> fateOf, Func<TopicPartition, Guid> directoryOf)
    {
        var found = directories
            .SelectMany(directory => directory.ExistingPartitions().Select(existing => (Directory: directory, Existing: existing)))
            .Where(found => found.Existing.Partition != MetadataLog.Partition)
            .OrderBy(found => found.Directory.DirectoryId == directoryOf(found.Existing.Partition) ? 0 : 1);
        foreach (var (directory, existing) in found)
        {
            Settle(directory, existing.Partition, fateOf(existing.Partition, existing.TopicId));
        }
    }

    /// <summary>
    /// Opens many replicas at start, those of different directories side by side, and so many at a time in each as
    /// num.recovery.threads.per.data.dir says.
    /// </summary>
    /// <param name="partitions">What to open; those that lie nowhere yet are made by the first directory's threads.</param>
    /// <param name="open">Opens the partition of an index, null when it cannot be; what it throws ends the start.</param>
    public void OpenAll(IReadOnlyList<TopicPartition> partitions, Func<int, PartitionLog?> open)
    {
        Dictionary<LogDirectory, List<int>> byHome = [];
        lock (_lock)
        {
            for (var index = 0; index < partitions.Count; index++)
            {
                var home = _homes.GetValueOrDefault(partitions[index], directories[0]);
                if (!byHome.TryGetValue(home, out var indexes))
                {
                    byHome[home] = indexes = [];
                }
                indexes.Add(index);
            }
        }
        ParallelOpening.Run(
            [.. byHome.Select(pair => new ParallelOpening.Share(pair.Key.DirectoryPath, pair.Value))],
            threadsPerDirectory,
            open,
            time,
            logger);
    }

    /// <summary>Opens the replica where it lies, or makes it in its directory.</summary>
    /// <param name="partition">Topic and number.</param>
    /// <param name="topicId">The topic's id.</param>
    /// <param name="config">The topic's settings.</param>
    /// <param name="directoryId">The directory that the metadata has it in; when that says none, the one with the fewest
    /// replicas is taken.</param>
    /// <exception cref="IOException">The log could not be made or opened.</exception>
    /// <exception cref="LogUnavailableException">Its directory is offline, or may be: an empty log in its place would
    /// hide what it holds.</exception>
    public PartitionLog Open(TopicPartition partition, Guid topicId, LogConfig config, Guid directoryId)
    {
        LogDirectory? home;
        lock (_lock)
        {
            if (!_homes.TryGetValue(partition, out home))
            {
                home = directoryId == DirectoryIds.Unassigned ? Choose(partition) : Find(partition, directoryId);
                Add(partition, home);
            }
        }
        return home.CreateOrOpen(partition, topicId, config);
    }

    /// <summary>Deletes the replica, wherever it lies; failures are logged, and the next start deletes it then.</summary>
    public void Delete(TopicPartition partition)
    {
        LogDirectory? home;
        lock (_lock)
        {
            if (!_homes.Remove(partition, out home))
            {
                return;
            }
            _replicasCounts[home]--;
        }
        Delete(home, partition);
    }

    private void Settle(LogDirectory directory, TopicPartition partition, StoredReplicaFate fate)
    {
        if (fate == StoredReplicaFate.Keep && !_homes.ContainsKey(partition))
        {
            Add(partition, directory);
        }
        else if (fate == StoredReplicaFate.Delete)
        {
            logger.LogInformation("{Partition} in {Directory} is of a deleted topic: removing it", partition, directory.DirectoryPath);
            Delete(directory, partition);
        }
        else
        {
            var reason = fate == StoredReplicaFate.Keep
                ? "lies in another log directory too, which is served"
                : "is of no known topic";
            logger.LogWarning("{Partition} {Reason}: kept as {Stray}", partition, reason, directory.SetAside(partition));
        }
    }

    private void Delete(LogDirectory directory, TopicPartition partition)
    {
        try
        {
            // Renaming is done when the call returns; what is left to wait for is nobody's business here.
            directory.DeleteAsync(partition).AsTask().GetAwaiter().GetResult();
        }
        catch (IOException exception)
        {
            logger.LogError(exception, "{Partition} in {Directory} cannot be deleted", partition, directory.DirectoryPath);
        }
    }

    private void Add(TopicPartition partition, LogDirectory home)
    {
        _homes.Add(partition, home);
        _replicasCounts[home]++;
    }

    private LogDirectory Find(TopicPartition partition, Guid directoryId) =>
        directories.FirstOrDefault(directory => directory.DirectoryId == directoryId)
        ?? throw new LogUnavailableException(partition);

    private LogDirectory Choose(TopicPartition partition)
    {
        if (!areAllOpen)
        {
            throw new LogUnavailableException(partition);
        }
        LogDirectory? best = null;
        foreach (var directory in directories)
        {
            if (!directory.IsOffline && (best is null || _replicasCounts[directory] < _replicasCounts[best]))
            {
                best = directory;
            }
        }
        return best ?? throw new LogUnavailableException(partition);
    }
}
