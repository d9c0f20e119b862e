namespace FastLog.Storage;

/// <summary>
/// A few remembered answers to "where does the first batch at or beyond this offset start": those of the newest appends
/// and of the places where readers stopped. A reader that goes on where it stopped never searches. Entries are single
/// words, so readers and the writer need no lock; offsets and positions are relative to one segment.
/// </summary>
internal sealed class PositionHints
{
    private const int SlotBits = 6;

    private readonly long[] _slots = new long[1 << SlotBits];

    public void Remember(uint relativeOffset, int position) =>
        Volatile.Write(ref _slots[SlotOf(relativeOffset)], (long)relativeOffset << 32 | (uint)position);

    public bool TryFind(uint relativeOffset, out int position)
    {
        long slot = Volatile.Read(ref _slots[SlotOf(relativeOffset)]);
        position = (int)slot;
        // An empty slot reads as offset 0 at position 0, which is true of every segment.
        return (uint)(slot >>> 32) == relativeOffset;
    }

    private static int SlotOf(uint relativeOffset) => (int)(relativeOffset * 2654435769u >>> (32 - SlotBits));
}
