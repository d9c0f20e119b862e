namespace FastLog.Coordination;

/// <summary>Reads a shard's log from its start to its end.</summary>
internal static class ShardLoad
{
    /// <summary>Replays everything.</summary>
    /// <returns>How many records there were.</returns>
    public static long Run(ICoordinatorLog log, GroupShard shard, CancellationToken cancellation)
    {
        using var reader = new CoordinatorBatchReader();
        var counted = new CountedReplay(shard);
        var buffer = Array.Empty<byte>();
        // The shard being the log's only writer, its end does not move meanwhile.
        var end = log.EndOffset;
        for (var offset = log.StartOffset; offset < end;)
        {
            cancellation.ThrowIfCancellationRequested();
            var sizeInBytes = log.Read(offset, ref buffer, out var nextOffset);
            Invariant.Check(nextOffset > offset, "a read moves on");
            reader.Read(buffer.AsSpan(0, sizeInBytes), counted);
            offset = nextOffset;
        }

        return counted.Count;
    }

    private sealed class CountedReplay(GroupShard shard) : ICoordinatorReplay
    {
        public long Count { get; private set; }

        public void OnRecord(in CoordinatorRecord record, long producerId)
        {
            Count++;
            shard.OnRecord(record, producerId);
        }

        public void OnTransactionEnd(long producerId, bool isCommitted) => shard.OnTransactionEnd(producerId, isCommitted);
    }
}
