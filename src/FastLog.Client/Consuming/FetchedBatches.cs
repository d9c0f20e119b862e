using System.Buffers;
using FastLog.Records;

namespace FastLog.Client;

/// <summary>Looks through the bytes of a fetch without reading records.</summary>
internal static class FetchedBatches
{
    private const long NoOffset = -1;
    private const int NoEpoch = -1;

    /// <summary>Cuts the batch off that a fetch may end in the middle of.</summary>
    /// <param name="bytes">What was fetched of a partition; becomes the whole batches.</param>
    /// <param name="nextOffset">The offset after the last whole batch, or -1 when nothing was fetched.</param>
    /// <param name="leaderEpoch">The leader epoch of the last whole batch, or -1 when nothing was fetched.</param>
    /// <returns>False when bytes are there and no whole batch of magic 2.</returns>
    public static bool TryCut(ref ReadOnlySequence<byte> bytes, out long nextOffset, out int leaderEpoch)
    {
        nextOffset = NoOffset;
        leaderEpoch = NoEpoch;
        ReadOnlySequence<byte> rest = bytes;
        long wholeBytes = 0;
        while (RecordBatchHeader.TryRead(rest, out RecordBatchHeader header)
            && header.Magic == RecordBatchHeader.CurrentMagic
            && header.TotalSizeInBytes >= RecordBatchHeader.SizeInBytes
            && header.TotalSizeInBytes <= rest.Length)
        {
            wholeBytes += header.TotalSizeInBytes;
            nextOffset = header.NextOffset;
            leaderEpoch = header.PartitionLeaderEpoch;
            rest = rest.Slice(header.TotalSizeInBytes);
        }

        bool isWhole = bytes.IsEmpty || wholeBytes > 0;
        bytes = bytes.Slice(0, wholeBytes);
        return isWhole;
    }
}
