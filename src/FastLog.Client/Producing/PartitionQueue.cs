using FastLog.Records;

namespace FastLog.Client;

/// <summary>What <see cref="PartitionQueue.TryAppend"/> did.</summary>
[Flags]
internal enum AppendOutcome
{
    /// <summary>Nothing: there is no buffer memory left.</summary>
    Refused = 0,

    /// <summary>The record is in a batch.</summary>
    Appended = 1,

    /// <summary>The partition had nothing to send and now has: its sender must hear of it.</summary>
    Activated = 2,

    /// <summary>There is a batch that should go out without further waiting.</summary>
    Ready = 4,
}

/// <summary>
/// The records of one partition on their way: the batch being filled, sealed ones that wait, and those that were sent.
/// </summary>
/// <remarks>
/// <para>One lock per partition. Appending is this file; what a sender takes, and how retries keep the order, is in
/// <c>PartitionQueue.Sending.cs</c>.</para>
/// <para>A batch is in exactly one place: open, in the queue, or in flight.</para>
/// </remarks>
internal sealed partial class PartitionQueue(string topic, int index, ProducerResources resources)
{
    private const int RecordOverheadBytesMax = 48;

    private readonly int _batchSizeBytes = resources.Options.BatchSizeBytes;
    private readonly int _batchRecordsMax = resources.Options.BatchRecordsMax;
    private readonly AppendOutcome _whenOpen = resources.Options.LingerMs == 0 ? AppendOutcome.Ready : 0;
    private readonly Lock _gate = new();
    private readonly List<ProducerBatch> _inFlight = [];
    private BatchQueue _queue;
    private ProducerBatch? _open;
    private long _nextNumber;
    private bool _isActive;
    private int _leaderId = -1;

    public string Topic => topic;

    public int Index => index;

    /// <summary>The broker to send to, or -1.</summary>
    public int LeaderId
    {
        get => Volatile.Read(ref _leaderId);
        set => Volatile.Write(ref _leaderId, value);
    }

    private ProducerOptions Options => resources.Options;

    /// <summary>The most bytes that a record can take in a batch.</summary>
    public static long RecordSizeBound(int keyBytes, int valueBytes, ReadOnlySpan<RecordHeader> headers)
    {
        long size = (long)keyBytes + valueBytes + RecordOverheadBytesMax;
        foreach (ref readonly RecordHeader header in headers)
        {
            size += header.Key.Length + header.Value.Length + (2 * Varint.SizeMaxBytesOfInt);
        }

        return size;
    }

    /// <summary>Puts a record of at most <paramref name="sizeBound"/> bytes into the open batch, or into a new one.
    /// </summary>
    public AppendOutcome TryAppend(
        long sizeBound,
        IDeliveryHandler handler,
        long timestampMs,
        ReadOnlySpan<byte> key,
        bool keyIsNull,
        ReadOnlySpan<byte> value,
        bool valueIsNull,
        ReadOnlySpan<RecordHeader> headers,
        long token)
    {
        lock (_gate)
        {
            if (_open is { } open)
            {
                bool fits = ReferenceEquals(open.Handler, handler);
                if (fits && !HasMemoryFor(open, sizeBound))
                {
                    return AppendOutcome.Refused;
                }

                if (fits && open.TryAppend(timestampMs, key, keyIsNull, value, valueIsNull, headers, token))
                {
                    return AppendOutcome.Appended | SealIfFull(open);
                }
            }

            if (!resources.Memory.TryReserve(RecordBatchHeader.SizeInBytes + sizeBound))
            {
                return AppendOutcome.Refused;
            }

            AppendOutcome outcome = AppendOutcome.Appended;
            if (_open is { } full)
            {
                Seal(full);
                outcome |= AppendOutcome.Ready;
            }

            ProducerBatch batch = OpenBatch(handler);
            batch.ReservedBytes = RecordBatchHeader.SizeInBytes + sizeBound;
            bool appended = batch.TryAppend(timestampMs, key, keyIsNull, value, valueIsNull, headers, token);
            Invariant.Check(appended, "an empty batch refused a record");
            outcome |= SealIfFull(batch);
            if (!_isActive)
            {
                _isActive = true;
                outcome |= AppendOutcome.Activated;
            }

            return outcome;
        }
    }

    /// <summary>Lets <paramref name="flush"/> wait for everything that is under way now.</summary>
    public void AddTo(FlushWait flush)
    {
        lock (_gate)
        {
            if (_open is { } open)
            {
                Seal(open);
            }

            for (ProducerBatch? batch = _queue.First; batch is not null; batch = batch.Next)
            {
                Await(batch, flush);
            }

            foreach (ProducerBatch batch in _inFlight)
            {
                Await(batch, flush);
            }
        }
    }

    private static void Await(ProducerBatch batch, FlushWait flush)
    {
        flush.Add();
        batch.Flushes.Add(flush);
    }

    private bool HasMemoryFor(ProducerBatch batch, long sizeBound)
    {
        long missing = batch.EstimatedSizeInBytes + sizeBound - batch.ReservedBytes;
        if (missing <= 0)
        {
            return true;
        }

        long step = Math.Max(missing, Math.Min(resources.Memory.PortionBytes, _batchSizeBytes));
        if (!resources.Memory.TryReserve(step))
        {
            return false;
        }

        batch.ReservedBytes += step;
        return true;
    }

    private ProducerBatch OpenBatch(IDeliveryHandler handler)
    {
        ProducerBatch batch = resources.Batches.Rent();
        batch.Open(
            this,
            handler,
            _nextNumber++,
            Options.TimeProvider.GetTimestamp(),
            Options.CompressionType,
            _batchSizeBytes,
            _planned);
        _open = batch;
        return batch;
    }

    private AppendOutcome SealIfFull(ProducerBatch open)
    {
        if (open.EstimatedSizeInBytes < _batchSizeBytes && open.RecordsCount < _batchRecordsMax)
        {
            return _whenOpen;
        }

        Seal(open);
        return AppendOutcome.Ready;
    }

    private void Seal(ProducerBatch open)
    {
        Invariant.Check(ReferenceEquals(open, _open), "a batch was sealed that is not open");
        _open = null;
        _queue.Append(open);
        PlanAfter(open);
    }
}
