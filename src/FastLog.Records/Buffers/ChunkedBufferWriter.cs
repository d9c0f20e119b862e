using System.Buffers;

namespace FastLog.Records;

/// <summary>
/// Collects much output without ever copying or doubling it: a chain of chunks, read as one sequence. Holds what was
/// written and less than one chunk more.
/// </summary>
/// <remarks>
/// The chunks of a finished writer wait for the next one behind a weak reference: one large batch after another reuses
/// them, and the collector takes them when no more come. The array pool would keep them for good.
/// </remarks>
internal sealed class ChunkedBufferWriter : IBufferWriter<byte>, IDisposable
{
    private const int ChunkBytes = 1024 * 1024;

    private static readonly WeakReference<Stack<byte[]>> Spare = new(new Stack<byte[]>());

    private readonly Stack<byte[]> _free;
    private readonly List<Chunk> _chunks = [];

    /// <summary>An empty writer; takes over what an earlier one has left.</summary>
    public ChunkedBufferWriter()
    {
        lock (Spare)
        {
            _free = Spare.TryGetTarget(out Stack<byte[]>? left) ? left : new Stack<byte[]>();
            Spare.SetTarget(new Stack<byte[]>());
        }
    }

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
            _chunks.Add(new Chunk(Take(needed)));
        }

        Chunk last = _chunks[^1];
        return last.Bytes.AsMemory(last.Written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Leaves the chunks to the next writer.</summary>
    public void Dispose()
    {
        foreach (Chunk chunk in _chunks)
        {
            if (chunk.Bytes.Length == ChunkBytes)
            {
                _free.Push(chunk.Bytes);
            }
        }

        _chunks.Clear();
        lock (Spare)
        {
            Spare.SetTarget(_free);
        }
    }

    private byte[] Take(int needed) => needed <= ChunkBytes && _free.TryPop(out byte[]? spare)
        ? spare
        : GC.AllocateUninitializedArray<byte>(Math.Max(needed, ChunkBytes));

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
