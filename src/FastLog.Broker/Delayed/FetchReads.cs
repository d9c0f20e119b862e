using FastLog.Broker.FetchSessions;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Storage;

namespace FastLog.Broker.Delayed;

/// <summary>The partitions of one fetch and what was read of each; reused from fetch to fetch.</summary>
internal sealed class FetchReads
{
    // One huge request shall not occupy memory for ever.
    private const int ReadsKeptMax = 4096;
    private const int ReadsInitially = 8;

    private readonly List<AbortedTransaction> _aborted = [];
    private PartitionRead[] _reads = new PartitionRead[ReadsInitially];
    private int _count;

    /// <summary>All partitions in serving order.</summary>
    public ReadOnlySpan<PartitionRead> All => _reads.AsSpan(0, _count);

    /// <summary>Adds a partition to fetch from.</summary>
    /// <param name="target">What is wanted.</param>
    /// <param name="node">The session's entry for it; null outside a session.</param>
    public void Add(in FetchTarget target, LinkedListNode<SessionPartition>? node)
    {
        if (_count == _reads.Length)
        {
            Array.Resize(ref _reads, _count * 2);
        }

        _reads[_count++] = new PartitionRead { Target = target, SessionNode = node };
    }

    /// <summary>Forgets everything; leases must have been released or handed on.</summary>
    public void Clear()
    {
        Array.Clear(_reads, 0, _count);
        _count = 0;
        if (_reads.Length > ReadsKeptMax)
        {
            _reads = new PartitionRead[ReadsInitially];
        }
    }

    /// <summary>
    /// Reads every partition anew within the limits. True when the answer need not wait: enough bytes, or news that
    /// the client must hear at once (an error, a diverging epoch), or nothing to wait for, or more records than one read
    /// gives, since it ends with its segment: more would come to no fetch that waited.
    /// </summary>
    public bool ReadAll(ReplicaRegistry replicas, in FetchLimits limits)
    {
        var bytes = 0L;
        var urgent = _count == 0;
        for (var i = 0; i < _count; i++)
        {
            ref var read = ref _reads[i];
            Locate(ref read, replicas);
            if (read.Error == ErrorCode.None)
            {
                ReadRecords(ref read, (int)Math.Max(limits.MaxBytes - bytes, 0), atLeastOneBatch: bytes == 0, limits);
            }

            bytes += read.Records.SizeInBytes;
            urgent |= read.Error != ErrorCode.None || read.DivergingEpoch is not null
                || (read.Records.SizeInBytes > 0 && read.Records.NextOffset < read.UpperBound);
        }

        return urgent || bytes >= limits.MinBytes;
    }

    /// <summary>Lets go of the segments that the last <see cref="ReadAll"/> holds.</summary>
    public void ReleaseLeases()
    {
        for (var i = 0; i < _count; i++)
        {
            _reads[i].Records.Lease?.Dispose();
            _reads[i].Records = default;
        }
    }

    /// <summary>The records are handed on to a response, which releases them.</summary>
    public ReadResult TakeRecords(int index)
    {
        var records = _reads[index].Records;
        _reads[index].Records = default;
        return records;
    }

    private static void Locate(ref PartitionRead read, ReplicaRegistry replicas)
    {
        ref readonly var target = ref read.Target;
        var byId = target.Topic is null;
        read.Partition = byId
            ? replicas.Find(target.TopicId, target.PartitionIndex)
            : replicas.Find(target.Topic!, target.PartitionIndex);
        read.Error = read.Partition is { } partition
            ? LeaderEpochs.Check(partition, target.CurrentLeaderEpoch)
            : byId
                ? replicas.WhyMissing(target.TopicId, target.PartitionIndex)
                : replicas.WhyMissing(target.Topic!, target.PartitionIndex);
        read.HighWatermark = -1;
        read.LastStableOffset = -1;
        read.LogStartOffset = -1;
        read.DivergingEpoch = null;
        read.Aborted = [];
        read.Records = default;
    }

    private void ReadRecords(ref PartitionRead read, int sizeMaxBytes, bool atLeastOneBatch, in FetchLimits limits)
    {
        var partition = read.Partition!;
        read.HighWatermark = partition.HighWatermark;
        read.LastStableOffset = Math.Min(partition.LastStableOffset, read.HighWatermark);
        read.LogStartOffset = partition.LogStartOffset;
        if (!limits.MayHaveZstd && partition.Settings.Compression == TopicCompression.Zstd)
        {
            read.Error = ErrorCode.UnsupportedCompressionType;
            return;
        }

        if (Diverges(ref read))
        {
            return;
        }

        read.UpperBound = limits.ReadCommitted ? read.LastStableOffset : read.HighWatermark;
        var bytesMax = Math.Min(sizeMaxBytes, read.Target.PartitionMaxBytes);
        var result = limits.ReadCommitted
            ? partition.Log.ReadCommitted(read.Target.FetchOffset, bytesMax, read.UpperBound, atLeastOneBatch, _aborted)
            : partition.Log.Read(read.Target.FetchOffset, bytesMax, read.UpperBound, atLeastOneBatch);
        read.Aborted = limits.ReadCommitted && result.SizeInBytes > 0 && _aborted.Count > 0 ? [.. _aborted] : [];
        read.Error = result.Status switch
        {
            ReadStatus.Ok => ErrorCode.None,
            ReadStatus.OutOfRange => ErrorCode.OffsetOutOfRange,
            ReadStatus.Corrupt => ErrorCode.CorruptMessage,
            _ => ErrorCode.KafkaStorageError,
        };
        read.Records = result;
    }

    /// <summary>
    /// Fetch 12 and later carry the epoch of the last record the fetcher has; when our log went another way at that
    /// epoch the fetcher is told where, and gets no records (KIP-595).
    /// </summary>
    private static bool Diverges(ref PartitionRead read)
    {
        if (read.Target.LastFetchedEpoch < 0)
        {
            return false;
        }

        var end = read.Partition!.Log.EndOffsetForEpoch(read.Target.LastFetchedEpoch);
        if (end.Epoch < 0 || read.Target.FetchOffset < read.LogStartOffset)
        {
            read.Error = ErrorCode.OffsetOutOfRange;
            return true;
        }

        if (end.Epoch < read.Target.LastFetchedEpoch || end.EndOffset < read.Target.FetchOffset)
        {
            read.DivergingEpoch = (end.Epoch, end.EndOffset);
            return true;
        }

        return false;
    }
}

/// <summary>One partition of a fetch and what was read of it.</summary>
internal struct PartitionRead
{
    public FetchTarget Target;
    public LinkedListNode<SessionPartition>? SessionNode;
    public Partition? Partition;
    public ErrorCode Error;
    public long HighWatermark;
    public long LastStableOffset;
    public long UpperBound;
    public long LogStartOffset;
    public (int Epoch, long EndOffset)? DivergingEpoch;
    public AbortedTransaction[] Aborted;
    public ReadResult Records;
}
