using System.Buffers;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// What can be said about records before the log is asked: pure, and done before its lock is taken, so that the CRCs of
/// several appends are computed side by side.
/// </summary>
internal readonly struct BatchAdmission
{
    private static readonly BatchCheckOptions ClientOptions = BatchCheckOptions.Client with { ToleratesMisnumbered = true };

    /// <summary>Why the records are refused; None when they are not.</summary>
    public AppendError Error { get; private init; }

    public string? Message { get; private init; }

    public IReadOnlyList<AppendRecordError>? RecordErrors { get; private init; }

    /// <summary>How the batch is packed anew before it is written; null when it is written as it came.</summary>
    public BatchReencoding? Reencoding { get; private init; }

    /// <summary>The only or first batch.</summary>
    public RecordBatchHeader First { get; private init; }

    public int BatchesCount { get; private init; }

    public long LastOffset { get; private init; }

    /// <summary>Bytes of whole batches; a replica's fetch may end within one.</summary>
    public long SizeInBytes { get; private init; }

    public long MaxTimestampMs { get; private init; }

    /// <summary>Judges a producer's records: exactly one sound batch of magic 2 within the topic's rules.</summary>
    public static BatchAdmission OfClient(in ReadOnlySequence<byte> records, LogConfig config, long nowMs)
    {
        if (!RecordBatchHeader.TryRead(records, out RecordBatchHeader header))
            return Refuse(AppendError.CorruptMessage, "The records are shorter than a batch header.");
        if (header.Magic != RecordBatchHeader.CurrentMagic)
            return Refuse(AppendError.InvalidRecord, "Only record batches of magic 2 are accepted.");
        if (header.TotalSizeInBytes > config.MaxMessageBytes)
            return Refuse(AppendError.MessageTooLarge, "The batch is larger than max.message.bytes.");
        if (header.TotalSizeInBytes < records.Length && header.TotalSizeInBytes >= RecordBatchHeader.SizeInBytes)
            return Refuse(AppendError.InvalidRecord, "There must be exactly one batch per partition.");
        if (RefuseHeader(header) is { } refusal)
            return refusal;
        BatchError error = RecordBatchValidator.Check(
            records, header, ClientOptions, LimitsOf(config, nowMs), out BatchSummary summary);
        if (error != BatchError.None)
            return Refuse(ErrorOf(error), MessageOf(error), RecordRefusals.OfMalformed(summary.BadRecordIndex));
        if (header.TimestampType == TimestampType.LogAppendTime)
            return Refuse(AppendError.InvalidTimestamp, RecordRefusals.TimestampsMessage, RecordRefusals.OfAppendTime(header.RecordsCount));
        if (summary.Faults is { } faults)
            return RefuseRecords(faults, config, nowMs);
        BatchReencoding? reencoding = BatchReencoding.Of(header, summary, config);
        if (reencoding is null && header.TotalSizeInBytes > config.SegmentBytes)
            return TooLargeForSegment;
        return new BatchAdmission
        {
            First = header,
            BatchesCount = 1,
            LastOffset = header.LastOffset,
            SizeInBytes = records.Length,
            MaxTimestampMs = summary.MaxTimestamp,
            Reencoding = reencoding,
        };
    }

    /// <summary>What holds of the batch when it was packed anew: its size is another one, and so are the bounds' answers.</summary>
    public BatchAdmission AfterReencoding(BatchError error, in ReadOnlySequence<byte> reencoded, LogConfig config)
    {
        if (error == BatchError.UnsupportedCompression)
            return Refuse(AppendError.UnsupportedCompressionType, "The topic's compression.type is not supported here.");
        if (error != BatchError.None)
            return Refuse(ErrorOf(error), "The batch is larger than max.message.bytes once it is in the topic's compression.type.");
        if (reencoded.Length > config.SegmentBytes)
            return TooLargeForSegment;
        bool isHeader = RecordBatchHeader.TryRead(reencoded, out RecordBatchHeader header);
        Invariant.Check(isHeader && header.TotalSizeInBytes == reencoded.Length, "a reencoded batch is whole");
        return this with { First = header, SizeInBytes = reencoded.Length, Reencoding = null };
    }

    /// <summary>Judges batches of this process or of a leader: whole, sound, in rising order. A cut last one is left out.</summary>
    public static BatchAdmission OfTrusted(in ReadOnlySequence<byte> records, bool mayEndWithinBatch)
    {
        RecordBatchHeader first = default;
        int count = 0;
        long lastOffset = -1;
        long maxTimestampMs = RecordBatchHeader.NoTimestamp;
        ReadOnlySequence<byte> rest = records;
        while (!rest.IsEmpty)
        {
            bool isWhole = RecordBatchHeader.TryRead(rest, out RecordBatchHeader header) && header.TotalSizeInBytes <= rest.Length;
            if (!isWhole && mayEndWithinBatch)
                break;
            if (!isWhole || !BatchScanner.IsPlausible(header))
                return Refuse(AppendError.CorruptMessage, "The records are not whole batches.");
            ReadOnlySequence<byte> batch = rest.Slice(0, header.TotalSizeInBytes);
            BatchError error = RecordBatchValidator.Check(batch, header, BatchCheckOptions.Replicated, out _);
            if (error != BatchError.None && error != BatchError.UnsupportedCompression)
                return Refuse(ErrorOf(error), MessageOf(error));
            if (count == 0)
                first = header;
            else if (mayEndWithinBatch && header.BaseOffset <= lastOffset)
                return Refuse(AppendError.UnexpectedOffset, "The batches' offsets do not rise.");
            count++;
            lastOffset = header.LastOffset;
            maxTimestampMs = Math.Max(maxTimestampMs, header.MaxTimestamp);
            rest = rest.Slice(header.TotalSizeInBytes);
        }
        return new BatchAdmission
        {
            First = first,
            BatchesCount = count,
            LastOffset = lastOffset,
            SizeInBytes = records.Length - rest.Length,
            MaxTimestampMs = maxTimestampMs,
        };
    }

    public AppendResult ToRefusal() => AppendResult.Failed(Error, Message!, RecordErrors);

    private static BatchAdmission? RefuseHeader(in RecordBatchHeader header)
    {
        if (header.IsControl)
            return Refuse(AppendError.InvalidRecord, "Clients are not allowed to write control records.");
        if (header.BaseOffset != 0)
            return Refuse(AppendError.InvalidRecord, "The base offset of a producer's batch must be 0.");
        if (header.HasProducerId && (header.BaseSequence < 0 || header.ProducerEpoch < 0))
            return Refuse(AppendError.InvalidRecord, "A batch with a producer id needs a producer epoch and a base sequence.");
        if (header.IsTransactional && !header.HasProducerId)
            return Refuse(AppendError.InvalidRecord, "A transactional batch needs a producer id.");
        if (header.HasDeleteHorizon)
            return Refuse(AppendError.InvalidRecord, "Only compaction sets a delete horizon.");
        return null;
    }

    private static BatchAdmission TooLargeForSegment =>
        Refuse(AppendError.RecordListTooLarge, "The batch is larger than segment.bytes.");

    // Where the log stamps, a producer's timestamps do not matter. The sums saturate: the limits may be long.MaxValue.
    private static RecordLimits LimitsOf(LogConfig config, long nowMs)
    {
        RecordLimits limits = RecordLimits.None with { RequiresKeys = config.IsCompacted };
        return config.MessageTimestampType == TimestampType.LogAppendTime
            ? limits
            : limits with
            {
                TimestampMinMs = config.MessageTimestampBeforeMaxMs == long.MaxValue ? long.MinValue : nowMs - config.MessageTimestampBeforeMaxMs,
                TimestampMaxMs = nowMs + Math.Min(config.MessageTimestampAfterMaxMs, long.MaxValue - nowMs),
            };
    }

    private static BatchAdmission RefuseRecords(IReadOnlyList<RecordFault> faults, LogConfig config, long nowMs)
    {
        bool isTimestamp = faults.Any(fault => fault.Kind == RecordFaultKind.TimestampOutOfRange);
        return Refuse(
            isTimestamp ? AppendError.InvalidTimestamp : AppendError.InvalidRecord,
            isTimestamp ? RecordRefusals.TimestampsMessage : RecordRefusals.KeysMessage(faults.Count),
            RecordRefusals.Of(faults, LimitsOf(config, nowMs)));
    }

    private static AppendError ErrorOf(BatchError error) => error switch
    {
        BatchError.BadCrc or BatchError.BadLength or BatchError.BadCompressedData => AppendError.CorruptMessage,
        BatchError.UnsupportedCompression => AppendError.UnsupportedCompressionType,
        BatchError.DecompressedTooLarge => AppendError.MessageTooLarge,
        _ => AppendError.InvalidRecord,
    };

    private static string MessageOf(BatchError error) => error switch
    {
        BatchError.BadMagic => "The batch's magic is not 2.",
        BatchError.BadLength => "The batch's length is not that of the bytes.",
        BatchError.BadCrc => "The batch's CRC is not that of the bytes.",
        BatchError.BadRecordCount => "The batch's count of records does not fit its records.",
        BatchError.BadOffsetDelta => "The records' offset deltas are not 0, 1, 2, and so on.",
        BatchError.BadCompressedData => "The batch's records cannot be decompressed.",
        BatchError.DecompressedTooLarge => "The batch's records are too large when decompressed.",
        BatchError.UnsupportedCompression => "The batch's compression type is not supported here.",
        _ => "A record is malformed.",
    };

    private static BatchAdmission Refuse(AppendError error, string message, IReadOnlyList<AppendRecordError>? recordErrors = null) =>
        new() { Error = error, Message = message, RecordErrors = recordErrors };
}
