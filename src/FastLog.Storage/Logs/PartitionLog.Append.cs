using System.Buffers;
using FastLog.Records;

namespace FastLog.Storage;

/// <content>Appending: judge, sequence, write once, account, publish.</content>
public sealed partial class PartitionLog
{
    private long _unflushedRecords;
    private long _appendedBytes;
    private long _appendedRecords;
    private long _appendedBatches;

    /// <summary>Bytes of record batches appended since the log was opened, as they lie in the log.</summary>
    public long AppendedBytes => Volatile.Read(ref _appendedBytes);

    /// <summary>Records appended since the log was opened.</summary>
    public long AppendedRecords => Volatile.Read(ref _appendedRecords);

    /// <summary>Record batches appended since the log was opened.</summary>
    public long AppendedBatches => Volatile.Read(ref _appendedBatches);

    /// <summary>
    /// Appends whole batches. Synchronous: when it returns without an error the records are in the file and readable,
    /// and durable once <see cref="DurableEndOffset"/> passed them. The bytes are not kept.
    /// </summary>
    /// <param name="records">Exactly one batch from a client; one or more otherwise.</param>
    /// <param name="origin">Who appends; replicated batches keep their offsets and epochs, all others get new ones.</param>
    /// <param name="leaderEpoch">The epoch of the leader that appends; ignored for replicated batches.</param>
    public AppendResult Append(in ReadOnlySequence<byte> records, AppendOrigin origin, int leaderEpoch)
    {
        LogConfig config = Config;
        long nowMs = NowMs;
        BatchAdmission admission = origin == AppendOrigin.Client
            ? BatchAdmission.OfClient(records, config, nowMs)
            : BatchAdmission.OfTrusted(records, mayEndWithinBatch: origin == AppendOrigin.Replication);
        if (admission.Error != AppendError.None)
            return admission.ToRefusal();
        return admission.Reencoding is { } reencoding
            ? AppendReencoded(records, admission, reencoding, leaderEpoch, config, nowMs)
            : AppendAdmitted(records, admission, origin, leaderEpoch, config, nowMs);
    }

    private AppendResult AppendAdmitted(
        in ReadOnlySequence<byte> records,
        in BatchAdmission admission,
        AppendOrigin origin,
        int leaderEpoch,
        LogConfig config,
        long nowMs)
    {
        AppendResult result;
        bool becameDurable;
        try
        {
            lock (_lock)
            {
                long durableBefore = _durableEndOffset;
                try
                {
                    result = AppendLocked(records, admission, origin, leaderEpoch, config, nowMs);
                }
                finally
                {
                    ReleaseWritten();
                }
                becameDurable = _durableEndOffset > durableBefore;
            }
        }
        catch (DiskException failure) when (failure.IsOutOfSpace)
        {
            _home.ReportNoSpace(failure);
            return AppendResult.Failed(AppendError.NoSpace, "No space left on the log directory's device.");
        }
        catch (DiskException failure)
        {
            _home.Fail(failure);
            return AppendResult.Failed(AppendError.StorageError, "The log directory failed.");
        }
        if (result.Error == AppendError.None && !result.IsDuplicate && admission.BatchesCount > 0)
            AnnounceAppend(result.LastOffset + 1, becameDurable, config);
        return result;
    }

    private AppendResult AppendLocked(
        in ReadOnlySequence<byte> records,
        in BatchAdmission admission,
        AppendOrigin origin,
        int leaderEpoch,
        LogConfig config,
        long nowMs)
    {
        if (!IsUsable)
            return AppendResult.Failed(AppendError.StorageError, "The log is closed or its directory is offline.");
        if (admission.BatchesCount == 0)
            return Appended(_logEndOffset, _logEndOffset - 1, -1);
        if (origin == AppendOrigin.Replication)
            return AppendAsGiven(records.Slice(0, admission.SizeInBytes), admission, config, nowMs);
        if (origin == AppendOrigin.Client && admission.First.HasProducerId && JudgeSequence(admission.First) is { } verdict)
            return verdict;
        return admission.BatchesCount == 1
            ? AppendOne(records, admission, leaderEpoch, StampOf(origin, admission, config, nowMs), config, nowMs)
            : AppendRenumbered(records, admission, leaderEpoch, config, nowMs);
    }

    private AppendResult? JudgeSequence(in RecordBatchHeader header)
    {
        switch (_producers.Check(header, out ProducerBatch duplicate))
        {
            case SequenceCheck.Accepted:
                return null;
            case SequenceCheck.Duplicate:
                // The time of the first append is the batch's timestamp where the log stamps.
                long appendTimeMs = Config.MessageTimestampType == TimestampType.LogAppendTime ? duplicate.TimestampMs : -1;
                return Appended(duplicate.FirstOffset, duplicate.LastOffset, appendTimeMs, isDuplicate: true);
            case SequenceCheck.InvalidEpoch:
                return AppendResult.Failed(AppendError.InvalidProducerEpoch, "A newer instance of the producer has written to the partition.");
            case SequenceCheck.OutOfOrder:
                return AppendResult.Failed(AppendError.OutOfOrderSequenceNumber, "The batch's sequence does not follow the producer's last one.");
            default:
                return AppendResult.Failed(AppendError.InvalidTransactionState, "The producer's transaction is open in the partition.");
        }
    }

    /// <summary>The timestamp to write over the header's with its type; null to leave both.</summary>
    private static long? StampOf(AppendOrigin origin, in BatchAdmission admission, LogConfig config, long nowMs)
    {
        if (origin != AppendOrigin.Client)
            return null;
        if (config.MessageTimestampType == TimestampType.LogAppendTime)
            return nowMs;
        return admission.First.MaxTimestamp == admission.MaxTimestampMs ? null : admission.MaxTimestampMs;
    }

    /// <summary>The way of a produce request: a patched copy of the header and the payload where it lies, in one write.</summary>
    private AppendResult AppendOne(
        in ReadOnlySequence<byte> batch, in BatchAdmission admission, int leaderEpoch, long? stampMs, LogConfig config, long nowMs)
    {
        Span<byte> patched = stackalloc byte[RecordBatchHeader.SizeInBytes];
        batch.Slice(0, RecordBatchHeader.SizeInBytes).CopyTo(patched);
        ReadOnlySequence<byte> payload = batch.Slice(RecordBatchHeader.SizeInBytes);
        long baseOffset = _logEndOffset;
        RecordBatchHeader.WriteBaseOffset(patched, baseOffset);
        RecordBatchHeader.WritePartitionLeaderEpoch(patched, leaderEpoch);
        if (stampMs is { } stamp)
        {
            RecordBatchHeader.WriteMaxTimestampAndType(patched, stamp, config.MessageTimestampType);
            RecordBatchHeader.RecomputeCrc(patched, payload);
        }
        bool isHeader = RecordBatchHeader.TryRead(patched, out RecordBatchHeader header);
        Invariant.Check(isHeader && header.BaseOffset == baseOffset, "a patched header reads as it was written");

        LogSegment active = SegmentFor(batch.Length, baseOffset, header.LastOffset, header.MaxTimestamp, config, nowMs);
        long position = active.SizeInBytes;
        WriteOrUndo(active, position, patched, payload);
        Account(active, header, position, payload, config);
        Publish(active, header.NextOffset, position + batch.Length, admission.First.RecordsCount, batchesCount: 1, config);
        return Appended(baseOffset, header.LastOffset, config.MessageTimestampType == TimestampType.LogAppendTime ? stampMs ?? -1 : -1);
    }

    /// <summary>Several batches of this process: numbered in a copy, so that they are written all or none.</summary>
    private AppendResult AppendRenumbered(
        in ReadOnlySequence<byte> records, in BatchAdmission admission, int leaderEpoch, LogConfig config, long nowMs)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(checked((int)admission.SizeInBytes));
        try
        {
            Span<byte> bytes = copy.AsSpan(0, (int)admission.SizeInBytes);
            records.CopyTo(bytes);
            long next = _logEndOffset;
            for (Span<byte> rest = bytes; !rest.IsEmpty;)
            {
                RecordBatchHeader.TryRead(rest, out RecordBatchHeader header);
                RecordBatchHeader.WriteBaseOffset(rest, next);
                RecordBatchHeader.WritePartitionLeaderEpoch(rest, leaderEpoch);
                next += header.LastOffsetDelta + 1L;
                rest = rest[(int)header.TotalSizeInBytes..];
            }
            return WriteRun(new ReadOnlySequence<byte>(copy, 0, bytes.Length), _logEndOffset, next - 1, admission.MaxTimestampMs, config, nowMs);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private AppendResult AppendAsGiven(
        in ReadOnlySequence<byte> records, in BatchAdmission admission, LogConfig config, long nowMs)
    {
        long first = admission.First.BaseOffset;
        if (first < _logEndOffset)
            return AppendResult.Failed(AppendError.UnexpectedOffset, "Replicated batches must start at or beyond the log end offset.");
        return WriteRun(records, first, admission.LastOffset, admission.MaxTimestampMs, config, nowMs);
    }

    private AppendResult WriteRun(
        in ReadOnlySequence<byte> records, long firstOffset, long lastOffset, long maxTimestampMs, LogConfig config, long nowMs)
    {
        LogSegment active = SegmentFor(records.Length, firstOffset, lastOffset, maxTimestampMs, config, nowMs);
        long position = active.SizeInBytes;
        long end = position + records.Length;
        WriteOrUndo(active, position, default, records);
        long recordsCount = 0;
        int batchesCount = 0;
        for (ReadOnlySequence<byte> rest = records; !rest.IsEmpty;)
        {
            RecordBatchHeader.TryRead(rest, out RecordBatchHeader header);
            Account(active, header, position, rest.Slice(RecordBatchHeader.SizeInBytes), config);
            recordsCount += header.RecordsCount;
            batchesCount++;
            position += header.TotalSizeInBytes;
            rest = rest.Slice(header.TotalSizeInBytes);
        }
        Invariant.Check(position == end, "all batches written are accounted for");
        Publish(active, lastOffset + 1, end, recordsCount, batchesCount, config);
        return Appended(firstOffset, lastOffset, -1);
    }

    /// <summary>After a write that failed for lack of space the file ends where it ended before; any other failure is final.</summary>
    private static void WriteOrUndo(LogSegment active, long position, ReadOnlySpan<byte> head, in ReadOnlySequence<byte> payload)
    {
        try
        {
            active.Log.File.Write(position, head, payload);
        }
        catch (DiskException failure) when (failure.IsOutOfSpace)
        {
            try
            {
                active.Log.File.Truncate(position);
            }
            catch (DiskException undo)
            {
                throw new DiskException("ftruncate", undo.Path, DiskException.InputOutputError, undo);
            }
            throw;
        }
    }

    private void Account(
        LogSegment active, in RecordBatchHeader header, long position, in ReadOnlySequence<byte> payload, LogConfig config)
    {
        active.Hints.Remember(active.Relative(header.BaseOffset), (int)position);
        active.Account(header, (int)position, config.IndexIntervalBytes, indexesFit: true);
        _epochs.Assign(header.PartitionLeaderEpoch, header.BaseOffset);
        if (header.HasProducerId)
            AccountProducer(active, header, payload);
    }

    private void Publish(
        LogSegment active, long nextOffset, long sizeInBytes, long recordsCount, int batchesCount, LogConfig config)
    {
        Invariant.Check(nextOffset > _logEndOffset, "an append moves the log's end");
        // Under the log's lock, for whoever counts: plain additions.
        _appendedBytes += sizeInBytes - active.SizeInBytes;
        _appendedRecords += recordsCount;
        _appendedBatches += batchesCount;
        active.Publish(nextOffset, sizeInBytes);
        Volatile.Write(ref _logEndOffset, nextOffset);
        // A batch that compaction emptied is to be synced like any other.
        _unflushedRecords += Math.Max(recordsCount, 1);
        if (!config.SyncsBeforeAck)
            Volatile.Write(ref _durableEndOffset, nextOffset);
    }

    private void AnnounceAppend(long logEndOffset, bool becameDurable, LogConfig config)
    {
        if (Volatile.Read(ref _unflushedRecords) >= config.FlushMessages)
            _home.MarkDirty(this);
        ILogListener? listener = Listener;
        if (listener is null)
            return;
        listener.OnAppended(this, logEndOffset);
        if (becameDurable)
            listener.OnDurableEndAdvanced(this, logEndOffset);
    }

    private AppendResult Appended(long baseOffset, long lastOffset, long appendTimeMs, bool isDuplicate = false) => new()
    {
        Error = AppendError.None,
        BaseOffset = baseOffset,
        LastOffset = lastOffset,
        LogAppendTimeMs = appendTimeMs,
        LogStartOffset = _logStartOffset,
        IsDuplicate = isDuplicate,
    };
}
