using System.Buffers;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Client.Tests.Fakes;

/// <summary>The log of one partition in memory, with Kafka's rules for idempotent producers (last five batches).</summary>
internal sealed class FakePartition
{
    private const int BatchesRemembered = 5;

    private readonly List<byte[]> _batches = [];
    private readonly Dictionary<long, List<RecordBatchHeader>> _producers = [];

    public int LeaderId { get; set; } = 1;

    public int LeaderEpoch { get; set; }

    public long LogStartOffset { get; set; }

    public long EndOffset { get; private set; }

    /// <summary>What fetches are answered with.</summary>
    public ErrorCode FetchError { get; set; }

    public IReadOnlyList<byte[]> Batches => _batches;

    /// <summary>Appends a batch as a leader does; the offset of the first record, or an error.</summary>
    public (ErrorCode Error, long BaseOffset) Append(ReadOnlySpan<byte> bytes)
    {
        byte[] batch = bytes.ToArray();
        RecordBatchView view = new(batch);
        Assert.True(view.IsCrcValid);
        RecordBatchHeader header = view.Header;
        if (header.HasProducerId)
        {
            (ErrorCode Error, long BaseOffset)? answer = CheckSequence(header);
            if (answer is not null)
            {
                return answer.Value;
            }
        }

        AppendUnchecked(batch);
        if (header.HasProducerId)
        {
            Remember(header with { BaseOffset = EndOffset - header.LastOffsetDelta - 1 });
        }

        return (ErrorCode.None, EndOffset - header.LastOffsetDelta - 1);
    }

    /// <summary>Appends a batch whatever it is.</summary>
    public void AppendUnchecked(byte[] batch)
    {
        RecordBatchHeader.WriteBaseOffset(batch, EndOffset);
        RecordBatchHeader.TryRead(batch, out RecordBatchHeader header);
        _batches.Add(batch);
        EndOffset = header.NextOffset;
    }

    /// <summary>Forgets producers, as after losing the log's end.</summary>
    public void ForgetProducers() => _producers.Clear();

    public void CorruptLastBatch() => _batches[^1][^1] ^= 0xFF;

    /// <summary>The batches from the one that holds an offset on, as many as fit and at least one.</summary>
    public ReadOnlyMemory<byte> Read(long offset, int bytesMax)
    {
        ArrayBufferWriter<byte> bytes = new();
        foreach (byte[] batch in _batches)
        {
            RecordBatchHeader.TryRead(batch, out RecordBatchHeader header);
            if (header.LastOffset < offset)
            {
                continue;
            }

            if (bytes.WrittenCount > 0 && bytes.WrittenCount + batch.Length > bytesMax)
            {
                // A broker may cut the last batch anywhere.
                bytes.Write(batch.AsSpan(0, Math.Max(0, Math.Min(batch.Length, bytesMax - bytes.WrittenCount))));
                break;
            }

            bytes.Write(batch);
        }

        return bytes.WrittenMemory;
    }

    /// <summary>All values, in the order of offsets.</summary>
    public List<string> Values()
    {
        List<string> values = [];
        using PooledBufferWriter scratch = new();
        foreach (byte[] batch in _batches)
        {
            foreach (RecordView record in new RecordBatchView(batch).Records(scratch, int.MaxValue))
            {
                values.Add(System.Text.Encoding.UTF8.GetString(record.Value));
            }
        }

        return values;
    }

    public long OffsetForTimestamp(long timestampMs)
    {
        foreach (byte[] batch in _batches)
        {
            foreach (RecordView record in new RecordBatchView(batch))
            {
                if (record.TimestampMs >= timestampMs)
                {
                    return record.Offset;
                }
            }
        }

        return -1;
    }

    private (ErrorCode Error, long BaseOffset)? CheckSequence(in RecordBatchHeader header)
    {
        if (!_producers.TryGetValue(header.ProducerId, out List<RecordBatchHeader>? known))
        {
            return null;
        }

        foreach (RecordBatchHeader earlier in known)
        {
            if (earlier.ProducerEpoch == header.ProducerEpoch && earlier.BaseSequence == header.BaseSequence
                && earlier.LastSequence == header.LastSequence)
            {
                return (ErrorCode.None, earlier.BaseOffset);
            }
        }

        RecordBatchHeader last = known[^1];
        if (header.ProducerEpoch < last.ProducerEpoch)
        {
            return (ErrorCode.InvalidProducerEpoch, -1);
        }

        int expected = header.ProducerEpoch > last.ProducerEpoch ? 0
            : RecordBatchHeader.IncrementSequence(last.LastSequence, 1);
        return header.BaseSequence == expected ? null : (ErrorCode.OutOfOrderSequenceNumber, -1);
    }

    private void Remember(in RecordBatchHeader header)
    {
        if (!_producers.TryGetValue(header.ProducerId, out List<RecordBatchHeader>? known))
        {
            known = [];
            _producers.Add(header.ProducerId, known);
        }

        if (known.Count > 0 && known[^1].ProducerEpoch != header.ProducerEpoch)
        {
            known.Clear();
        }

        known.Add(header);
        if (known.Count > BatchesRemembered)
        {
            known.RemoveAt(0);
        }
    }
}
