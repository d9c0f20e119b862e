using System.Buffers;
using System.Text;
using FastLog.Records;

namespace FastLog.Storage.Tests;

/// <summary>Batches as producers send them.</summary>
internal static class TestBatches
{
    public static byte[] Make(
        int count = 1,
        string text = "v",
        long timestampMs = ManualClock.StartMs,
        long producerId = -1,
        short producerEpoch = -1,
        int baseSequence = -1,
        CompressionType compression = CompressionType.None,
        long baseOffset = 0,
        int leaderEpoch = -1,
        bool isTransactional = false,
        bool hasKeys = true,
        Func<int, long>? timestampOf = null,
        Func<int, string>? keyOf = null)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(
            baseOffset: baseOffset,
            compression: compression,
            producerId: producerId,
            producerEpoch: producerEpoch,
            baseSequence: baseSequence,
            isTransactional: isTransactional,
            partitionLeaderEpoch: leaderEpoch);
        for (int i = 0; i < count; i++)
        {
            builder.TryAppend(
                timestampOf?.Invoke(i) ?? timestampMs,
                Encoding.UTF8.GetBytes(keyOf?.Invoke(i) ?? "k" + i),
                keyIsNull: !hasKeys,
                Encoding.UTF8.GetBytes(text),
                valueIsNull: false);
        }
        return builder.Build().ToArray();
    }

    public static byte[] MakeMarker(long producerId, short producerEpoch, bool committed, int coordinatorEpoch)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(producerId: producerId, producerEpoch: producerEpoch, isTransactional: true, isControl: true);
        builder.AppendEndTransaction(ManualClock.StartMs, committed, coordinatorEpoch);
        return builder.Build().ToArray();
    }

    /// <summary>The batch as the log must hold it.</summary>
    public static byte[] Stored(byte[] batch, long baseOffset, int leaderEpoch)
    {
        byte[] stored = batch.ToArray();
        RecordBatchHeader.WriteBaseOffset(stored, baseOffset);
        RecordBatchHeader.WritePartitionLeaderEpoch(stored, leaderEpoch);
        return stored;
    }

    public static ReadOnlySequence<byte> Sequence(byte[] bytes) => new(bytes);

    /// <summary>The same bytes in pieces of a given size, as a socket's blocks hold them.</summary>
    public static ReadOnlySequence<byte> InPieces(byte[] bytes, int pieceBytes)
    {
        Piece first = new(bytes.AsMemory(0, Math.Min(pieceBytes, bytes.Length)), 0);
        Piece last = first;
        for (int from = pieceBytes; from < bytes.Length; from += pieceBytes)
            last = last.Append(bytes.AsMemory(from, Math.Min(pieceBytes, bytes.Length - from)));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long runningIndex)
        {
            Memory = memory;
            RunningIndex = runningIndex;
        }

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            Piece next = new(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
