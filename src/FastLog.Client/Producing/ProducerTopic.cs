namespace FastLog.Client;

/// <summary>A topic that is produced to: its partitions' queues and the choice among them.</summary>
internal sealed class ProducerTopic
{
    private readonly Lock _gate = new();
    private readonly ClusterClient _cluster;
    private readonly DeliveryEngine _engine;
    private readonly ProducerResources _resources;
    private volatile TopicMetadata _metadata;
    private PartitionQueue[] _partitions = [];
    private StickyPartitioner _sticky;

    public ProducerTopic(
        TopicMetadata metadata, ClusterClient cluster, DeliveryEngine engine, ProducerResources resources)
    {
        _metadata = metadata;
        _cluster = cluster;
        _engine = engine;
        _resources = resources;
#pragma warning disable CA5394 // Only spreads producers over partitions.
        _sticky = new StickyPartitioner(
            Random.Shared.Next(metadata.Partitions.Count), _resources.Options.BatchSizeBytes);
#pragma warning restore CA5394
        Partitions();
    }

    public string Name => _metadata.Name;

    /// <summary>The queues of all partitions there are by now.</summary>
    public PartitionQueue[] Partitions()
    {
        TopicMetadata? latest = _cluster.Metadata.Topic(Name);
        PartitionQueue[] known = Volatile.Read(ref _partitions);
        if (known.Length > 0 && (latest is null || ReferenceEquals(latest, _metadata)))
        {
            return known;
        }

        lock (_gate)
        {
            _metadata = latest ?? _metadata;
            // A topic may have been deleted and made anew with fewer; what was queued for the others fails in time.
            int missing = _metadata.Partitions.Count - _partitions.Length;
            if (missing > 0)
            {
                PartitionQueue[] added = [.. Enumerable.Range(_partitions.Length, missing)
                    .Select(index => new PartitionQueue(Name, index, _resources))];
                foreach (PartitionQueue partition in added)
                {
                    _engine.Add(partition);
                }

                Volatile.Write(ref _partitions, [.. _partitions, .. added]);
            }

            return _partitions;
        }
    }

    /// <summary>How many partitions records are spread over.</summary>
    public int PartitionsCount() => Math.Min(Partitions().Length, _metadata.Partitions.Count);

    /// <summary>The partition for a record without a key.</summary>
    public int StickyPartition()
    {
        lock (_gate)
        {
            return _sticky.Current(_metadata);
        }
    }

    /// <summary>Counts a record without a key that was appended.</summary>
    public void CountSticky(int bytes)
    {
        lock (_gate)
        {
            _sticky.Count(bytes, _metadata.Partitions.Count);
        }
    }
}
