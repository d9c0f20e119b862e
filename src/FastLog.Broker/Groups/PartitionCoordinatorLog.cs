using System.Buffers;
using FastLog.Cluster;
using FastLog.Coordination;
using FastLog.Protocol;
using FastLog.Storage;

namespace FastLog.Broker.Groups;

/// <summary>A partition that is led here, as a coordinator's log.</summary>
/// <param name="partition">The partition.</param>
/// <param name="readBytesMax"><c>offsets.load.buffer.size</c>: what is read at once; a batch of any size is taken all the same.</param>
internal sealed class PartitionCoordinatorLog(Partition partition, int readBytesMax) : ICoordinatorLog
{
    /// <summary>The partition.</summary>
    public Partition Partition { get; } = partition;

    public long StartOffset => Partition.LogStartOffset;

    public long EndOffset => Partition.Log.LogEndOffset;

    public bool IsFailed => Partition.Failure != ErrorCode.None;

    public ErrorCode Append(ReadOnlyMemory<byte> batch, out long endOffset)
    {
        endOffset = -1;
        if (Partition.Failure != ErrorCode.None)
        {
            return Partition.Failure;
        }

        if (!Partition.HasEnoughInSyncReplicas)
        {
            return ErrorCode.NotEnoughReplicas;
        }

        var result = Partition.AppendAsLeader(new ReadOnlySequence<byte>(batch), AppendOrigin.Coordinator);
        endOffset = result.LastOffset + 1;
        return AppendErrors.ToErrorCode(result.Error);
    }

    public bool TryWaitUntilDurable(IDurabilityWaiter waiter, long endOffset) =>
        Partition.HighWatermark < endOffset && Partition.TryWaitForHighWatermark(new Waiter(waiter), endOffset);

    public int Read(long offset, ref byte[] buffer, out long nextOffset)
    {
        var end = EndOffset;
        var found = Partition.Log.Read(offset, readBytesMax, end, atLeastOneBatch: true);
        nextOffset = found.NextOffset;
        using var lease = found.Lease;
        if (found.Status != ReadStatus.Ok)
        {
            throw new IOException($"{Partition}: offset {offset} cannot be read ({found.Status})");
        }

        if (lease is null || found.SizeInBytes == 0)
        {
            nextOffset = end;
            return 0;
        }

        if (buffer.Length < found.SizeInBytes)
        {
            buffer = new byte[Math.Max(found.SizeInBytes, Math.Min(readBytesMax, Partition.Log.SizeInBytes))];
        }

        var read = lease.File.Read(found.Position, buffer.AsSpan(0, found.SizeInBytes));
        return read == found.SizeInBytes
            ? read
            : throw new IOException($"{Partition}: only {read} bytes of {found.SizeInBytes} at offset {offset}");
    }

    public override string ToString() => Partition.ToString();

    private sealed class Waiter(IDurabilityWaiter waiter) : IOffsetWaiter
    {
        public void OnOffsetReached(Partition p) => waiter.OnDurable();

        public void OnPartitionFailed(Partition p, ErrorCode error) => waiter.OnFailed(error);
    }
}
