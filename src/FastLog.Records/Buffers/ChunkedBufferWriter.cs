using System.Buffers;

namespace FastLog.Records;

/// <summary>
/// Collects much output without ever copying or doubling it: a chain of pooled chunks, read as one sequence. Holds
/// what was written and less than one chunk more.
/// </summary>
internal sealed class ChunkedBufferWriter : IBufferWriter<byte>, IDisposable
{
    private const int ChunkBytes = 1024 * 1024;

    private readonly List<Chunk> _chunks = [];

    /// <summary>What was written, as long as the writer is not disposed.</summary>
    public ReadOnlySequence<byte> WrittenSequence
    {
        get
        {
            if (_chunks.Count == 0)
            {
                return ReadOnlySequence<byte>.Empty;
            }

            for (int i = 0; i < _chunks.Count; i++)
            {
                _chunks[i].Link(i > 0 ? _chunks[i - 1] : null);
            }

            return new ReadOnlySequence<byte>(_chunks[0], 0, _chunks[^1], _chunks[^1].Written);
        }
    }

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Chunk last = _chunks[^1];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, last.Bytes.Length - last.Written);
        last.Written += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        int needed = Math.Max(sizeHint, 1);
        if (_chunks.Count == 0 || _chunks[^1].Bytes.Length - _chunks[^1].Written < needed)
        {
            _chunks.Add(new Chunk(ArrayPool<byte>.Shared.Rent(Math.Max(needed, ChunkBytes))));
        }

        Chunk last = _chunks[^1];
        return last.Bytes.AsMemory(last.Written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Gives all chunks back to the pool.</summary>
    public void Dispose()
    {
        foreach (Chunk chunk in _chunks)
        {
            ArrayPool<byte>.Shared.Return(chunk.Bytes);
        }

        _chunks.Clear();
    }

    private sealed class Chunk(byte[] bytes) : ReadOnlySequenceSegment<byte>
    {
        public byte[] Bytes { get; } = bytes;

        public int Written { get; set; }

        public void Link(Chunk? previous)
        {
            Memory = Bytes.AsMemory(0, Written);
            RunningIndex = previous is null ? 0 : previous.RunningIndex + previous.Written;
            if (previous is not null)
            {
                previous.Next = this;
            }
        }
    }
}
