using System.Buffers;

namespace FastLog.Records;

/// <summary>
/// Lets a span pass where a <see cref="ReadOnlySequence{T}"/> is asked for, for the length of one call,
/// so that each decoder is written once. The caller keeps the span pinned meanwhile.
/// </summary>
internal sealed unsafe class PinnedSpanMemory : MemoryManager<byte>
{
    [ThreadStatic]
    private static PinnedSpanMemory? _idle;

    private byte* _start;
    private int _length;

    /// <summary>This thread's instance over the given bytes; <see cref="Return"/> it after use.</summary>
    public static PinnedSpanMemory Borrow(byte* start, int length)
    {
        PinnedSpanMemory memory = _idle ?? new PinnedSpanMemory();
        _idle = null;
        memory._start = start;
        memory._length = length;
        return memory;
    }

    /// <summary>The bytes as a sequence of one segment.</summary>
    public ReadOnlySequence<byte> Sequence => new(Memory);

    /// <summary>Forgets the bytes, so that a sequence kept too long is seen to be empty.</summary>
    public void Return()
    {
        _start = null;
        _length = 0;
        _idle = this;
    }

    public override Span<byte> GetSpan() => new(_start, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
