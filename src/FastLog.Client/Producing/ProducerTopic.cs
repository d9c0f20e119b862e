namespace FastLog.Client;

/// <summary>A topic that is produced to: its partitions' queues and the choice among them.</summary>
internal sealed class ProducerTopic
{
    private readonly Lock _gate = new();
    private readonly ClusterClient _cluster;
    private readonly DeliveryEngine _engine;
    private readonly ProducerResources _resources;
    private volatile TopicMetadata _metadata;
    private volatile View _view = new(null, []);
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
        // Asked for every record, so there is no looking up as long as nothing new was learnt of the cluster.
        View view = _view;
        return ReferenceEquals(view.Cluster, _cluster.Metadata) ? view.Partitions : LookAgain().Partitions;
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

    private View LookAgain()
    {
        lock (_gate)
        {
            ClusterMetadata latest = _cluster.Metadata;
            _metadata = latest.Topic(Name) ?? _metadata;
            PartitionQueue[] partitions = _view.Partitions;
            // A topic may have been deleted and made anew with fewer; what was queued for the others fails in time.
            int missing = _metadata.Partitions.Count - partitions.Length;
            if (missing > 0)
            {
                PartitionQueue[] added = [.. Enumerable.Range(partitions.Length, missing)
                    .Select(index => new PartitionQueue(Name, index, _resources))];
                foreach (PartitionQueue partition in added)
                {
                    _engine.Add(partition);
                }

                partitions = [.. partitions, .. added];
            }

            return _view = new View(latest, partitions);
        }
    }

    /// <summary>The partitions, and the metadata that they were last compared with.</summary>
    private sealed record View(ClusterMetadata? Cluster, PartitionQueue[] Partitions);
}
