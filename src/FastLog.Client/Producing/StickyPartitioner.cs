namespace FastLog.Client;

/// <summary>
/// Where records without a key go: to one partition until a batch worth of bytes went there, then to the next
/// (KIP-480, KIP-794), so that few records still make large batches and many spread evenly.
/// </summary>
/// <remarks>Pure; guarded by its owner. Starts at a partition given from outside, so that producers differ.</remarks>
internal struct StickyPartitioner(int firstPartition, int switchAfterBytes)
{
    private int _partition = firstPartition;
    private long _bytesHere;

    /// <summary>The partition for the next record, one that has a leader where any has.</summary>
    public int Current(TopicMetadata topic)
    {
        int count = topic.Partitions.Count;
        _partition = (int)((uint)_partition % (uint)count);
        for (int tried = 0; tried < count && topic.Partitions[_partition].LeaderId < 0; tried++)
        {
            MoveOn(count);
        }

        return _partition;
    }

    /// <summary>Counts what was put into the current partition, and moves on when it is enough.</summary>
    public void Count(int bytes, int partitionsCount)
    {
        _bytesHere += bytes;
        if (_bytesHere >= switchAfterBytes)
        {
            MoveOn(partitionsCount);
        }
    }

    private void MoveOn(int partitionsCount)
    {
        _partition = (_partition + 1) % partitionsCount;
        _bytesHere = 0;
    }
}
