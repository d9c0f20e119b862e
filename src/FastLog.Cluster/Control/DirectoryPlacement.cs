namespace FastLog.Cluster;

/// <summary>
/// In which log directory of its broker each new replica goes: the one with the fewest, those chosen before in the same
/// request counted in. A broker's registration names its online directories only.
/// </summary>
internal sealed class DirectoryPlacement(MetadataImage image)
{
    private Dictionary<Guid, int>? _replicasCounts;

    /// <summary>The directory for one more replica; unassigned when the broker named none.</summary>
    public Guid Place(int brokerId)
    {
        if (image.FindBroker(brokerId) is not { LogDirectoryIds: { Count: > 0 } directories })
        {
            return DirectoryIds.Unassigned;
        }
        if (directories.Count == 1)
        {
            return directories[0];
        }
        _replicasCounts ??= Count();
        var chosen = directories.MinBy(id => _replicasCounts.GetValueOrDefault(id));
        _replicasCounts[chosen] = _replicasCounts.GetValueOrDefault(chosen) + 1;
        return chosen;
    }

    private Dictionary<Guid, int> Count()
    {
        var counts = new Dictionary<Guid, int>();
        foreach (var topic in image.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                foreach (var directory in partition.Directories)
                {
                    counts[directory] = counts.GetValueOrDefault(directory) + 1;
                }
            }
        }
        return counts;
    }
}
