namespace FastLog.Records;

/// <summary>
/// One record batch of magic 2 lying in one piece, seen through its bytes. The view checks that the
/// bytes are as long as the header says; <see cref="RecordBatchValidator"/> checks the rest.
/// </summary>
public readonly ref struct RecordBatchView
{
    private readonly ReadOnlySpan<byte> _batch;

    /// <summary>
    /// A view of the batch at the start of <paramref name="bytes"/>, which may go on after it.
    /// <see cref="RecordFormatException"/> when no whole batch of magic 2 is there.
    /// </summary>
    public RecordBatchView(ReadOnlySpan<byte> bytes)
    {
        if (!RecordBatchHeader.TryRead(bytes, out RecordBatchHeader header))
        {
            throw new RecordFormatException($"{bytes.Length} bytes are shorter than a batch header.");
        }

        if (header.Magic != RecordBatchHeader.CurrentMagic)
        {
            throw new RecordFormatException($"A batch has magic {header.Magic} instead of {RecordBatchHeader.CurrentMagic}.");
        }

        if (header.TotalSizeInBytes < RecordBatchHeader.SizeInBytes || header.TotalSizeInBytes > bytes.Length)
        {
            throw new RecordFormatException($"A batch says {header.TotalSizeInBytes} bytes where {bytes.Length} are there.");
        }

        Header = header;
        _batch = bytes[..(int)header.TotalSizeInBytes];
    }

    /// <summary>The header's fields.</summary>
    public RecordBatchHeader Header { get; }

    /// <summary>Whether the records must be unpacked before they can be walked.</summary>
    public bool IsCompressed => Header.CompressionType != CompressionType.None && Header.RecordsCount != 0;

    /// <summary>Header and records.</summary>
    public ReadOnlySpan<byte> Bytes => _batch;

    /// <summary>What follows the header: plain records or one compressed block.</summary>
    public ReadOnlySpan<byte> RecordBytes => _batch[RecordBatchHeader.SizeInBytes..];

    /// <summary>Whether the stored CRC is that of the bytes.</summary>
    public bool IsCrcValid => Crc32C.Compute(_batch[RecordBatchHeader.AttributesOffset..]) == Header.Crc;

    /// <summary>Walks the records of a batch that is not compressed; <see cref="InvalidOperationException"/> when it is.</summary>
    public RecordEnumerator GetEnumerator()
    {
        Invariant.Check(!IsCompressed, "A compressed batch is unpacked before its records are walked.");
        return new RecordEnumerator(Header, RecordBytes);
    }

    /// <summary>
    /// Walks the records, in place when they are plain, else unpacked into <paramref name="scratch"/>,
    /// which is cleared first and must be left alone while the records are in use.
    /// </summary>
    /// <param name="scratch">Takes the unpacked records.</param>
    /// <param name="sizeMaxBytes">Most bytes to unpack to; beyond it <see cref="RecordFormatException"/>.</param>
    public RecordEnumerator Records(PooledBufferWriter scratch, int sizeMaxBytes)
    {
        if (!IsCompressed)
        {
            return new RecordEnumerator(Header, RecordBytes);
        }

        Decompress(scratch, sizeMaxBytes);
        return new RecordEnumerator(Header, scratch.WrittenSpan);
    }

    /// <summary>
    /// Unpacks the records into <paramref name="destination"/>, which is cleared first; plain records are copied.
    /// <see cref="RecordFormatException"/> when they are corrupt, of an unknown codec, or unpack to more
    /// than <paramref name="sizeMaxBytes"/>; <see cref="NotSupportedException"/> when the codec's library is missing.
    /// </summary>
    public void Decompress(PooledBufferWriter destination, int sizeMaxBytes)
    {
        ArgumentNullException.ThrowIfNull(destination);
        destination.Clear();
        if (!CompressionCodecs.TryGet(Header.CompressionType, out ICompressionCodec? codec))
        {
            throw new RecordFormatException($"Compression type {(int)Header.CompressionType} is not assigned.");
        }

        codec.Decompress(RecordBytes, destination, sizeMaxBytes);
    }
}
