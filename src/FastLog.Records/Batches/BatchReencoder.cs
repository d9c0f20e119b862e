using System.Buffers;

namespace FastLog.Records;

/// <summary>
/// Packs a producer's batch anew: with another codec, or because its records are not numbered 0, 1, 2 and so on. Every
/// record stays as it is, and so do timestamps, producer, sequence and the transactional bit. Keeps its buffers' objects;
/// their arrays go back to the pool on <see cref="Release"/>. Not for several threads at once.
/// </summary>
public sealed class BatchReencoder : IDisposable
{
    // As in the validator: what unpacks to more than producers fill batches with is unpacked one at a time in the process.
    private const int CommonDecompressedSizeMaxBytes = 4 * 1024 * 1024;

    private static readonly Lock LargeUnpacking = new();

    private readonly PooledBufferWriter _plain = new();
    private readonly PooledBufferWriter _numbered = new();
    private readonly PooledBufferWriter _packed = new();

    /// <summary>Packs one batch anew.</summary>
    /// <param name="batch">The batch; <see cref="RecordBatchValidator"/> found its records sound.</param>
    /// <param name="header">Its header.</param>
    /// <param name="target">The codec to pack with.</param>
    /// <param name="level">Its effort, null for the default.</param>
    /// <param name="renumbers">Whether to number the records 0, 1, 2 and so on, which they are not.</param>
    /// <param name="sizeMaxBytes">Most bytes that the new batch may have.</param>
    /// <param name="reencoded">The new batch, valid until <see cref="Release"/> or the next call.</param>
    /// <returns>
    /// None; DecompressedTooLarge when it would be larger than allowed, plain or packed; UnsupportedCompression when the
    /// codec's library is missing.
    /// </returns>
    public BatchError Reencode(
        in ReadOnlySequence<byte> batch,
        in RecordBatchHeader header,
        CompressionType target,
        int? level,
        bool renumbers,
        int sizeMaxBytes,
        out ReadOnlySequence<byte> reencoded)
    {
        reencoded = default;
        if (!CompressionCodecs.For(target).IsAvailable(out _) || !CompressionCodecs.For(header.CompressionType).IsAvailable(out _))
        {
            return BatchError.UnsupportedCompression;
        }

        BatchError error = Pack(batch, header, target, level, renumbers, CommonDecompressedSizeMaxBytes, sizeMaxBytes);
        if (error == BatchError.DecompressedTooLarge && _packed.WrittenCount == 0)
        {
            lock (LargeUnpacking)
            {
                error = Pack(batch, header, target, level, renumbers, BatchCheckOptions.Client.DecompressedSizeMaxBytes, sizeMaxBytes);
            }
        }

        if (error == BatchError.None)
        {
            reencoded = _packed.WrittenSequence;
        }
        else
        {
            Release();
        }

        return error;
    }

    /// <summary>Gives the arrays back; what was reencoded is no longer valid.</summary>
    public void Release()
    {
        _plain.Release();
        _numbered.Release();
        _packed.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _plain.Dispose();
        _numbered.Dispose();
        _packed.Dispose();
    }

    private BatchError Pack(
        in ReadOnlySequence<byte> batch,
        in RecordBatchHeader header,
        CompressionType target,
        int? level,
        bool renumbers,
        int decompressedSizeMaxBytes,
        int sizeMaxBytes)
    {
        try
        {
            _plain.Clear();
            CompressionCodecs.For(header.CompressionType)
                .Decompress(batch.Slice(RecordBatchHeader.SizeInBytes), _plain, decompressedSizeMaxBytes);
        }
        catch (RecordFormatException e)
        {
            return e.IsSizeExceeded ? BatchError.DecompressedTooLarge : BatchError.BadCompressedData;
        }

        if (renumbers)
        {
            Renumber(header.RecordsCount);
        }

        _packed.Clear();
        _packed.GetSpan(RecordBatchHeader.SizeInBytes);
        _packed.Advance(RecordBatchHeader.SizeInBytes);
        CompressionCodecs.For(target).Compress((renumbers ? _numbered : _plain).WrittenSpan, _packed, level);
        _plain.Release();
        _numbered.Release();
        if (_packed.WrittenCount > sizeMaxBytes)
        {
            return BatchError.DecompressedTooLarge;
        }

        RecordBatchHeader changed = header with
        {
            BatchLength = _packed.WrittenCount - RecordBatchHeader.LogOverheadBytes,
            Attributes = (short)((header.Attributes & ~RecordBatchHeader.CompressionMask) | (int)target),
        };
        changed.WriteTo(_packed.WrittenSpan);
        RecordBatchHeader.RecomputeCrc(_packed.WrittenSpan);
        return BatchError.None;
    }

    private void Renumber(int recordsCount)
    {
        _numbered.Clear();
        ReadOnlySpan<byte> plain = _plain.WrittenSpan;
        int position = 0;
        for (int i = 0; i < recordsCount; i++)
        {
            int length = RecordBytes.ReadInt(plain, ref position);
            WriteNumbered(plain.Slice(position, length), i);
            position += length;
        }
    }

    /// <summary>Copies a record, given without its length, and sets its offset delta.</summary>
    private void WriteNumbered(ReadOnlySpan<byte> record, int offsetDelta)
    {
        int position = 1;
        RecordBytes.ReadLong(record, ref position);
        ReadOnlySpan<byte> beforeDelta = record[..position];
        RecordBytes.ReadInt(record, ref position);
        ReadOnlySpan<byte> afterDelta = record[position..];
        WriteInt(beforeDelta.Length + Varint.SizeOfInt(offsetDelta) + afterDelta.Length);
        _numbered.Write(beforeDelta);
        WriteInt(offsetDelta);
        _numbered.Write(afterDelta);
    }

    private void WriteInt(int value) =>
        _numbered.Advance(Varint.WriteInt(_numbered.GetSpan(Varint.SizeMaxBytesOfInt), value));
}
