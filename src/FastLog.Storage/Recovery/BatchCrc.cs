using System.Buffers;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>Checks the CRC of batches in a file, piece by piece through one pooled buffer.</summary>
internal readonly ref struct BatchCrc : IDisposable
{
    private const int BufferBytes = 128 * 1024;

    private readonly IFile _file;
    private readonly byte[] _buffer;

    public BatchCrc(IFile file)
    {
        _file = file;
        _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    }

    public bool IsValid(in RecordBatchHeader header, long position)
    {
        long from = position + RecordBatchHeader.AttributesOffset;
        long left = header.TotalSizeInBytes - RecordBatchHeader.AttributesOffset;
        uint crc = 0;
        while (left > 0)
        {
            int read = _file.Read(from, _buffer.AsSpan(0, (int)Math.Min(left, _buffer.Length)));
            if (read == 0)
                return false;
            crc = Crc32C.Append(crc, _buffer.AsSpan(0, read));
            from += read;
            left -= read;
        }
        return crc == header.Crc;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
