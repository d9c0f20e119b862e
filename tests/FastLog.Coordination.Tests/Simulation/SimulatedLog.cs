using System.Buffers.Binary;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>
/// A shard's log in memory: what is appended becomes durable when it is flushed, until then a crash may take it back.
/// </summary>
internal sealed class SimulatedLog : ICoordinatorLog
{
    private readonly List<Batch> _batches;
    private readonly List<(IDurabilityWaiter Waiter, long EndOffset)> _waiters = [];

    public SimulatedLog()
        : this([], 0)
    {
    }

    private SimulatedLog(List<Batch> batches, long durableEndOffset)
    {
        _batches = batches;
        DurableEndOffset = durableEndOffset;
    }

    public long StartOffset => 0;

    public long EndOffset => _batches.Count == 0 ? 0 : _batches[^1].NextOffset;

    public long DurableEndOffset { get; private set; }

    public bool IsFailed { get; private set; }

    public bool IsUnreadable { get; set; }

    /// <summary>What the next appends are refused with; asked for each.</summary>
    public Func<ErrorCode> NextRefusal { get; set; } = static () => ErrorCode.None;

    /// <summary>Called after an append, to flush later.</summary>
    public Action OnAppended { get; set; } = static () => { };

    public int WaitersCount => _waiters.Count;

    public int BatchesCount => _batches.Count;

    public ErrorCode Append(ReadOnlyMemory<byte> batch, out long endOffset)
    {
        endOffset = EndOffset;
        var error = IsFailed ? ErrorCode.KafkaStorageError : NextRefusal();
        if (error == ErrorCode.None)
        {
            endOffset = Add(_batches, batch.ToArray());
            OnAppended();
        }

        return error;
    }

    public bool TryWaitUntilDurable(IDurabilityWaiter waiter, long endOffset)
    {
        if (endOffset <= DurableEndOffset)
        {
            return false;
        }

        if (IsFailed)
        {
            waiter.OnFailed(ErrorCode.KafkaStorageError);
        }
        else
        {
            _waiters.Add((waiter, endOffset));
        }

        return true;
    }

    public int Read(long offset, ref byte[] buffer, out long nextOffset)
    {
        if (IsUnreadable)
        {
            throw new IOException("the log cannot be read");
        }

        // One batch at a time, from the one that holds the offset or follows it.
        var batch = _batches.First(batch => batch.NextOffset > offset);
        buffer = batch.Bytes;
        nextOffset = batch.NextOffset;
        return batch.Bytes.Length;
    }

    /// <summary>All that was appended is durable from now on.</summary>
    public void Flush()
    {
        if (!IsFailed)
        {
            DurableEndOffset = EndOffset;
            Release(waiter => waiter.OnDurable(), EndOffset);
        }
    }

    /// <summary>The partition can be written to no more; who waits is told so.</summary>
    public void Fail()
    {
        IsFailed = true;
        Release(waiter => waiter.OnFailed(ErrorCode.KafkaStorageError), long.MaxValue);
    }

    /// <summary>The process is gone: nobody is told anything.</summary>
    public void Abandon()
    {
        IsFailed = true;
        _waiters.Clear();
    }

    /// <summary>The log as a crash leaves it: all that was durable and some of what was appended after it.</summary>
    public SimulatedLog AfterCrash(Random random)
    {
        var durable = _batches.Count(batch => batch.NextOffset <= DurableEndOffset);
        return new SimulatedLog([.. _batches.Take(random.Next(durable, _batches.Count + 1))], DurableEndOffset);
    }

    /// <summary>The log with the newest record of each key only; of those that delete a key some, or none.</summary>
    public SimulatedLog Compacted(Random random)
    {
        var newest = new Dictionary<string, long>(StringComparer.Ordinal);
        Walk((offset, record) => newest[Convert.ToHexString(record.Key)] = offset);
        var keepsTombstones = random.Next(2) == 0;
        var compacted = new List<Batch>();
        Walk((offset, record) =>
        {
            var isLast = offset == EndOffset - 1;
            if (isLast || (newest[Convert.ToHexString(record.Key)] == offset && (keepsTombstones || !record.ValueIsNull)))
            {
                using var builder = new RecordBatchBuilder();
                builder.Begin(offset);
                builder.TryAppend(record);
                Add(compacted, builder.Build().ToArray(), offset);
            }
        });
        return new SimulatedLog(compacted, DurableEndOffset);
    }

    private static long Add(List<Batch> batches, byte[] bytes, long? baseOffset = null)
    {
        var offset = baseOffset ?? (batches.Count == 0 ? 0 : batches[^1].NextOffset);
        BinaryPrimitives.WriteInt64BigEndian(bytes, offset);
        var nextOffset = new RecordBatchView(bytes).Header.NextOffset;
        batches.Add(new Batch(bytes, nextOffset));
        return nextOffset;
    }

    private void Walk(RecordVisitor visit)
    {
        using var scratch = new PooledBufferWriter();
        foreach (var batch in _batches)
        {
            foreach (var record in new RecordBatchView(batch.Bytes).Records(scratch, 1 << 24))
            {
                visit(record.Offset, record);
            }
        }
    }

    private void Release(Action<IDurabilityWaiter> tell, long endOffset)
    {
        var released = _waiters.FindAll(waiting => waiting.EndOffset <= endOffset);
        _waiters.RemoveAll(waiting => waiting.EndOffset <= endOffset);
        released.ForEach(waiting => tell(waiting.Waiter));
    }

    private delegate void RecordVisitor(long offset, RecordView record);

    private sealed record Batch(byte[] Bytes, long NextOffset);
}
