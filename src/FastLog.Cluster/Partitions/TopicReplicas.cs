namespace FastLog.Cluster;

/// <summary>The partitions of one topic that this broker leads. Reads take no lock; the registry alone writes.</summary>
internal sealed class TopicReplicas
{
    private Partition?[] _partitions = [];

    /// <summary>Those that are led here, by ascending index.</summary>
    public IEnumerable<Partition> All => Volatile.Read(ref _partitions).OfType<Partition>();

    public Partition? Find(int index)
    {
        var partitions = Volatile.Read(ref _partitions);
        return (uint)index < (uint)partitions.Length ? Volatile.Read(ref partitions[index]) : null;
    }

    /// <summary>Whether the topic has such a partition, led here or not.</summary>
    public bool Contains(int index) => (uint)index < (uint)Volatile.Read(ref _partitions).Length;

    /// <summary>Makes room; to be called before <see cref="Set"/>, which several threads may call for several indexes.</summary>
    public void EnsureRoom(int partitionsCount)
    {
        if (partitionsCount > _partitions.Length)
        {
            var larger = new Partition?[partitionsCount];
            _partitions.CopyTo(larger, 0);
            Volatile.Write(ref _partitions, larger);
        }
    }

    public void Set(int index, Partition? partition)
    {
        Invariant.Check(partition is null || _partitions[index] is null, "a partition is hosted once");
        Volatile.Write(ref _partitions[index], partition);
    }
}
