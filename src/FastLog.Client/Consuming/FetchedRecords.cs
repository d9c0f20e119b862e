using System.Buffers;
using System.Collections;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Client;

/// <summary>
/// The records of one partition that one fetch brought, lent to the reader until it disposes them.
/// <code>
/// using FetchedRecords fetched = await consumer.ReadAsync(cancellationToken);
/// foreach (RecordView record in fetched) { ... }
/// </code>
/// </summary>
/// <remarks>
/// Walking them costs no allocation: records are spans over the received bytes, or over the unpacked ones. What a
/// consumer is not shown (control records, records before the wanted offset, aborted ones with read_committed) is left
/// out; there may be nothing left, and <see cref="NextOffset"/> still moves. Pooled: not to be touched after
/// <see cref="Dispose"/>. For one thread at a time.
/// </remarks>
public sealed partial class FetchedRecords : IDisposable
{
    private readonly Consumer _consumer;
    private readonly PooledBufferWriter _joined = new();
    private readonly PooledBufferWriter _unpacked = new();
    private readonly AbortedTransactions _aborted = new();
    private ReadOnlySequence<byte> _bytes;
    private FetchedFrame? _frame;
    private AssignedPartition? _partition;
    private long _firstOffset;
    private long _takenUntil;

    internal FetchedRecords(Consumer consumer) => _consumer = consumer;

    /// <summary>The topic.</summary>
    public string Topic => Assigned.Name.Topic;

    /// <summary>The partition.</summary>
    public int Partition => Assigned.Name.Partition;

    /// <summary>The offset after the last of the records: where reading goes on.</summary>
    public long NextOffset { get; private set; }

    /// <summary>The end of the partition when the broker answered; below the last stable offset's with read_committed.</summary>
    public long EndOffset { get; private set; }

    /// <summary>The first offset of the partition when the broker answered, or -1.</summary>
    public long LogStartOffset { get; private set; }

    /// <summary>Whether these were the last records when the broker answered.</summary>
    public bool IsAtEnd => NextOffset >= EndOffset;

    /// <summary>How many bytes they take as received.</summary>
    public int SizeInBytes => (int)_bytes.Length;

    /// <summary>The leader epoch of the last batch, or -1.</summary>
    public int LeaderEpoch { get; private set; }

    /// <summary>Where <see cref="TakeUntil"/> said, or <see cref="NextOffset"/> or more. Commits of other threads look at it.
    /// </summary>
    internal long TakenUntil => Volatile.Read(ref _takenUntil);

    /// <summary>Whether some of the records are not taken.</summary>
    internal bool IsPartlyTaken => TakenUntil < NextOffset;

    /// <summary>The number that a group's progress knows these records by.</summary>
    internal int LoanNumber { get; set; }

    /// <summary>The offset that was asked for: records before it are not shown.</summary>
    internal long WantedOffset => _firstOffset;

    internal AssignedPartition Assigned =>
        _partition ?? throw new ObjectDisposedException(nameof(FetchedRecords));

    /// <summary>The partition's generation when these were fetched.</summary>
    internal int Generation { get; private set; }

    /// <summary>Walks the records.</summary>
    /// <exception cref="KafkaException">While walking: <see cref="ErrorCode.CorruptMessage"/>, or a codec is not there
    /// (<see cref="ErrorCode.UnsupportedCompressionType"/>).</exception>
    public RecordsEnumerator GetEnumerator() => new(this);

    /// <summary>Walks the batches that have records to be shown, whole ones, as they were received.</summary>
    /// <exception cref="KafkaException">While walking: <see cref="ErrorCode.CorruptMessage"/>.</exception>
    public BatchesEnumerator Batches() => new(this);

    /// <summary>The records as objects of their own, which stay valid.</summary>
    public IReadOnlyList<ConsumedRecord> ToList()
    {
        List<ConsumedRecord> records = [];
        RecordsEnumerator enumerator = GetEnumerator();
        while (enumerator.MoveNext())
        {
            records.Add(ConsumedRecord.From(Topic, Partition, enumerator.TimestampType, enumerator.Current));
        }

        return records;
    }

    /// <summary>Says that only the records before an offset are taken: <see cref="Dispose"/> moves the consumer back there,
    /// unless it was moved meanwhile. May be said again with another offset.</summary>
    /// <param name="offset">The first offset that is not taken; from <see cref="NextOffset"/> on all are.</param>
    public void TakeUntil(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Volatile.Write(ref _takenUntil, offset);
    }

    /// <summary>Gives the bytes back. In a group it also says that the records are processed, see
    /// <see cref="DeliverySemantics.AtLeastOnce"/>.</summary>
    public void Dispose()
    {
        FetchedFrame? frame = _frame;
        if (frame is null)
        {
            return;
        }

        AssignedPartition partition = Assigned;
        _frame = null;
        _partition = null;
        _bytes = default;
        frame.Release();
        _consumer.TakeBack(this, partition);
    }

    internal void Fill(
        FetchedFrame frame,
        AssignedPartition partition,
        (long Offset, int LeaderEpoch) next,
        in ReadOnlySequence<byte> wholeBatches,
        FetchResponse.PartitionData data)
    {
        Invariant.Check(_frame is null, "records in use were filled again");
        frame.Retain();
        _frame = frame;
        _partition = partition;
        _bytes = wholeBatches;
        _firstOffset = partition.FetchOffset;
        Generation = partition.Generation;
        (NextOffset, LeaderEpoch) = next;
        _takenUntil = long.MaxValue;
        LoanNumber = -1;
        bool isCommittedOnly = _consumer.Options.IsolationLevel == IsolationLevel.ReadCommitted;
        EndOffset = isCommittedOnly && data.LastStableOffset >= 0 ? data.LastStableOffset : data.HighWatermark;
        LogStartOffset = data.LogStartOffset;
        _aborted.Load(isCommittedOnly ? data.AbortedTransactions : null);
    }

    /// <summary>Frees the buffers for good.</summary>
    internal void ReleaseBuffers()
    {
        _joined.Dispose();
        _unpacked.Dispose();
    }
}
