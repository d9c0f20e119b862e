using FastLog.Records;

namespace FastLog.Storage.Tests;

/// <summary>What a log must hold: the truth the fuzz test compares with. Knows nothing of files.</summary>
internal sealed class LogModel
{
    public sealed record Batch(long BaseOffset, long LastOffset, byte[] Bytes);

    public List<Batch> Batches { get; } = [];

    public long StartOffset { get; set; }

    public long EndOffset { get; private set; }

    /// <summary>The log said that all below is durable.</summary>
    public long DurableEndOffset { get; set; }

    public void Append(long baseOffset, long lastOffset, byte[] bytes)
    {
        Batches.Add(new Batch(baseOffset, lastOffset, bytes));
        EndOffset = lastOffset + 1;
    }

    /// <summary>Where the last batch ends: what a cut in the middle of a batch may come down to.</summary>
    public long KeptEndOffset => Batches.Count > 0 ? Math.Max(StartOffset, Batches[^1].LastOffset + 1) : StartOffset;

    /// <summary>The log may end anywhere between the last batch kept and the offset.</summary>
    public void Truncate(long offset)
    {
        if (offset >= EndOffset)
            return;
        if (offset < StartOffset)
        {
            RestartAt(offset);
            return;
        }
        Batches.RemoveAll(batch => batch.LastOffset >= offset);
        EndOffset = offset;
        DurableEndOffset = Math.Min(DurableEndOffset, KeptEndOffset);
    }

    public void AdvanceStart(long offset)
    {
        StartOffset = offset;
        Batches.RemoveAll(batch => batch.LastOffset < offset);
    }

    public void RestartAt(long offset)
    {
        Batches.Clear();
        StartOffset = EndOffset = DurableEndOffset = offset;
    }

    /// <summary>Takes over where a recovered log ends: unsynced batches may be gone.</summary>
    public void AdoptEnd(long endOffset)
    {
        Batches.RemoveAll(batch => batch.LastOffset >= endOffset);
        EndOffset = endOffset;
        DurableEndOffset = endOffset;
    }

    /// <summary>Takes over what compaction left of the batches.</summary>
    public void AdoptBatches(IEnumerable<byte[]> batches)
    {
        Batches.Clear();
        foreach (byte[] bytes in batches)
        {
            RecordBatchHeader.TryRead(bytes, out RecordBatchHeader header);
            Batches.Add(new Batch(header.BaseOffset, header.LastOffset, bytes));
        }
    }

    public LogModel Copy()
    {
        LogModel copy = new() { StartOffset = StartOffset, EndOffset = EndOffset, DurableEndOffset = DurableEndOffset };
        copy.Batches.AddRange(Batches);
        return copy;
    }
}
