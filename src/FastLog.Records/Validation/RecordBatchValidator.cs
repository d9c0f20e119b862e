using System.Buffers;

namespace FastLog.Records;

/// <summary>
/// Decides whether bytes are a sound record batch. Never throws on bad input and allocates nothing for
/// batches that are not compressed; compressed ones are unpacked, within a bound, into pooled memory.
/// </summary>
public static class RecordBatchValidator
{
    // Producers fill batches of a MiB or so before they compress. Whatever unpacks to more than this is unpacked again, one
    // batch at a time in the whole process: small batches that unpack to very much cannot add up their memory.
    private const int CommonDecompressedSizeMaxBytes = 4 * 1024 * 1024;

    private static readonly Lock LargeUnpacking = new();

    /// <summary>Checks a producer's batch by <see cref="BatchCheckOptions.Client"/>.</summary>
    public static BatchError Check(in ReadOnlySequence<byte> oneBatch, in RecordBatchHeader header) =>
        Check(oneBatch, header, BatchCheckOptions.Client, out _);

    /// <summary>Checks one batch.</summary>
    /// <param name="oneBatch">Exactly one batch, header included.</param>
    /// <param name="header">The header as read from <paramref name="oneBatch"/>.</param>
    /// <param name="options">What to ask for.</param>
    /// <param name="summary">What was seen; of use for the timestamps and keys only when nothing was wrong.</param>
    public static BatchError Check(
        in ReadOnlySequence<byte> oneBatch,
        in RecordBatchHeader header,
        BatchCheckOptions options,
        out BatchSummary summary) => Check(oneBatch, header, options, RecordLimits.None, out summary);

    /// <summary>Checks one batch, and each of its records against a topic's limits.</summary>
    /// <param name="oneBatch">Exactly one batch, header included.</param>
    /// <param name="header">The header as read from <paramref name="oneBatch"/>.</param>
    /// <param name="options">What to ask for.</param>
    /// <param name="limits">What to ask of records that are walked; what is beyond is no error but listed in the summary.</param>
    /// <param name="summary">What was seen; of use only when nothing was wrong.</param>
    public static BatchError Check(
        in ReadOnlySequence<byte> oneBatch,
        in RecordBatchHeader header,
        BatchCheckOptions options,
        in RecordLimits limits,
        out BatchSummary summary)
    {
        ArgumentNullException.ThrowIfNull(options);
        summary = FromHeader(header);
        BatchError error = CheckHeader(oneBatch, header, options, out ICompressionCodec? codec);
        if (error != BatchError.None)
        {
            return error;
        }

        ReadOnlySequence<byte> records = oneBatch.Slice(RecordBatchHeader.SizeInBytes);
        if (header.RecordsCount == 0)
        {
            // Compaction writes empty batches plain, but whoever kept the codec bits did no harm.
            summary.IsWalked = records.IsEmpty;
            return records.IsEmpty ? BatchError.None : BatchError.BadRecordCount;
        }

        if (header.CompressionType == CompressionType.None)
        {
            summary.PlainSizeInBytes = records.Length;
            return options.Walk == RecordWalk.None
                ? BatchError.None
                : RecordWalker.Walk(records, header, options, limits, ref summary);
        }

        return options.Walk == RecordWalk.All
            ? CheckCompressed(records, header, codec!, options, limits, ref summary)
            : BatchError.None;
    }

    private static BatchError CheckHeader(
        in ReadOnlySequence<byte> oneBatch,
        in RecordBatchHeader header,
        BatchCheckOptions options,
        out ICompressionCodec? codec)
    {
        codec = null;
        if (header.Magic != RecordBatchHeader.CurrentMagic)
        {
            return BatchError.BadMagic;
        }

        if (header.TotalSizeInBytes < RecordBatchHeader.SizeInBytes || header.TotalSizeInBytes != oneBatch.Length)
        {
            return BatchError.BadLength;
        }

        if (options.ChecksCrc && Crc32C.Compute(oneBatch.Slice(RecordBatchHeader.AttributesOffset)) != header.Crc)
        {
            return BatchError.BadCrc;
        }

        if (!CompressionCodecs.TryGet(header.CompressionType, out codec))
        {
            return BatchError.UnsupportedCompression;
        }

        long offsetsCount = header.LastOffsetDelta + 1L;
        bool countFits = options.RequiresContiguousOffsets
            ? header.RecordsCount > 0 && header.RecordsCount == offsetsCount
            : header.RecordsCount >= 0 && header.LastOffsetDelta >= 0 && header.RecordsCount <= offsetsCount;
        return countFits ? BatchError.None : BatchError.BadRecordCount;
    }

    private static BatchError CheckCompressed(
        in ReadOnlySequence<byte> records,
        in RecordBatchHeader header,
        ICompressionCodec codec,
        BatchCheckOptions options,
        in RecordLimits limits,
        ref BatchSummary summary)
    {
        if (!codec.IsAvailable(out _))
        {
            return BatchError.UnsupportedCompression;
        }

        using ScratchBuffer scratch = ScratchBuffer.Borrow();
        int sizeMaxBytes = Math.Min(options.DecompressedSizeMaxBytes, CommonDecompressedSizeMaxBytes);
        BatchError error = Unpack(records, codec, scratch.Writer, sizeMaxBytes);
        if (error == BatchError.DecompressedTooLarge && sizeMaxBytes < options.DecompressedSizeMaxBytes)
        {
            return CheckLarge(records, header, codec, options, limits, ref summary);
        }

        return error == BatchError.None
            ? RecordWalker.Walk(scratch.Writer.WrittenSequence, header, options, limits, ref summary)
            : error;
    }

    private static BatchError CheckLarge(
        in ReadOnlySequence<byte> records,
        in RecordBatchHeader header,
        ICompressionCodec codec,
        BatchCheckOptions options,
        in RecordLimits limits,
        ref BatchSummary summary)
    {
        lock (LargeUnpacking)
        {
            using var unpacked = new ChunkedBufferWriter();
            BatchError error = Unpack(records, codec, unpacked, options.DecompressedSizeMaxBytes);
            return error == BatchError.None
                ? RecordWalker.Walk(unpacked.WrittenSequence, header, options, limits, ref summary)
                : error;
        }
    }

    private static BatchError Unpack(
        in ReadOnlySequence<byte> records, ICompressionCodec codec, IBufferWriter<byte> unpacked, int sizeMaxBytes)
    {
        try
        {
            codec.Decompress(records, unpacked, sizeMaxBytes);
            return BatchError.None;
        }
        catch (RecordFormatException e)
        {
            return e.IsSizeExceeded ? BatchError.DecompressedTooLarge : BatchError.BadCompressedData;
        }
    }

    private static BatchSummary FromHeader(in RecordBatchHeader header)
    {
        bool isLogAppendTime = header.TimestampType == TimestampType.LogAppendTime;
        return new BatchSummary
        {
            MinTimestamp = isLogAppendTime ? header.MaxTimestamp : header.BaseTimestamp,
            MaxTimestamp = header.MaxTimestamp,
            OffsetDeltaOfMaxTimestamp = header.LastOffsetDelta,
            FirstNullKeyIndex = -1,
            BadRecordIndex = -1,
        };
    }
}
