using System.Buffers;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>What a control batch says that ends a transaction.</summary>
/// <param name="IsAbort">Abort or commit.</param>
/// <param name="CoordinatorEpoch">Leader epoch of the transaction coordinator that wrote it.</param>
internal readonly record struct EndMarker(bool IsAbort, int CoordinatorEpoch)
{
    // A marker is a batch of one tiny record; what is needed of it lies within these bytes after the header.
    private const int RecordBytesMax = 128;

    /// <summary>Reads the marker in the control batch at a position; null when the batch holds none (any more).</summary>
    public static EndMarker? Read(IFile file, in RecordBatchHeader header, long position)
    {
        Span<byte> record = stackalloc byte[SizeOf(header)];
        int read = file.Read(position + RecordBatchHeader.SizeInBytes, record);
        return Read(header, record[..read]);
    }

    /// <summary>Reads the marker in a control batch's payload.</summary>
    public static EndMarker? Read(in RecordBatchHeader header, in ReadOnlySequence<byte> payload)
    {
        Span<byte> record = stackalloc byte[SizeOf(header)];
        payload.Slice(0, record.Length).CopyTo(record);
        return Read(header, record);
    }

    /// <summary>Reads the marker in a control batch's record bytes.</summary>
    public static EndMarker? Read(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        try
        {
            RecordEnumerator enumerator = new(header, records);
            return enumerator.MoveNext()
                && ControlRecord.TryReadKey(enumerator.Current.Key, out ControlRecordType type)
                && type is ControlRecordType.Abort or ControlRecordType.Commit
                && ControlRecord.TryReadEndTransactionValue(enumerator.Current.Value, out int coordinatorEpoch)
                    ? new EndMarker(type == ControlRecordType.Abort, coordinatorEpoch)
                    : null;
        }
        catch (RecordFormatException)
        {
            return null;
        }
    }

    private static int SizeOf(in RecordBatchHeader header) =>
        (int)Math.Min(RecordBytesMax, header.TotalSizeInBytes - RecordBatchHeader.SizeInBytes);
}
