using System.Buffers;

namespace FastLog.Records;

/// <summary>Reads a sequence as a stream, for decoders that take nothing else.</summary>
internal sealed class SequenceReadStream : Stream
{
    private ReadOnlySequence<byte> _rest;

    public SequenceReadStream(in ReadOnlySequence<byte> sequence) => _rest = sequence;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Goes on with other bytes after the end was reached.</summary>
    public void ContinueWith(in ReadOnlySequence<byte> sequence) => _rest = sequence;

    public override int Read(Span<byte> buffer)
    {
        int count = (int)Math.Min(_rest.Length, buffer.Length);
        _rest.Slice(0, count).CopyTo(buffer);
        _rest = _rest.Slice(count);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
