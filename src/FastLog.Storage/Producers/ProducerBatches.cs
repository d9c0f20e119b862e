using System.Runtime.CompilerServices;

namespace FastLog.Storage;

/// <summary>One remembered batch of a producer.</summary>
/// <param name="LastSequence">Sequence of its last record.</param>
/// <param name="LastOffset">Offset of its last record.</param>
/// <param name="OffsetDelta">Number of its records less one.</param>
/// <param name="TimestampMs">Its largest timestamp.</param>
internal readonly record struct ProducerBatch(int LastSequence, long LastOffset, int OffsetDelta, long TimestampMs)
{
    public int FirstSequence => Records.RecordBatchHeader.DecrementSequence(LastSequence, OffsetDelta);

    public long FirstOffset => LastOffset - OffsetDelta;
}

/// <summary>The newest five batches of a producer: as many as a client may have in flight.</summary>
internal struct ProducerBatches
{
    public const int Capacity = 5;

    private Slots _slots;
    private int _newest;

    public int Count { get; private set; }

    public readonly ProducerBatch Newest => _slots[_newest];

    public void Add(in ProducerBatch batch)
    {
        _newest = Count == 0 ? 0 : (_newest + 1) % Capacity;
        _slots[_newest] = batch;
        Count = Math.Min(Count + 1, Capacity);
    }

    public void Clear() => Count = 0;

    public readonly bool TryFind(int firstSequence, int lastSequence, out ProducerBatch found)
    {
        for (int age = 0; age < Count; age++)
        {
            found = _slots[(_newest - age + Capacity) % Capacity];
            if (found.FirstSequence == firstSequence && found.LastSequence == lastSequence)
                return true;
        }
        found = default;
        return false;
    }

    [InlineArray(Capacity)]
    private struct Slots
    {
        private ProducerBatch _first;
    }
}
