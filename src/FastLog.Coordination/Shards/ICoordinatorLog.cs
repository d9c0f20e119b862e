using FastLog.Protocol;

namespace FastLog.Coordination;

/// <summary>
/// The log of one shard: a partition of a coordinator's topic that is led here. The shard is its only writer. Appends come
/// one at a time; the other members may be called by any thread.
/// </summary>
public interface ICoordinatorLog
{
    /// <summary>Offset of the first record that is kept.</summary>
    long StartOffset { get; }

    /// <summary>The offset after the last record.</summary>
    long EndOffset { get; }

    /// <summary>Whether the partition can be written to no more: it failed, was deleted, or is led elsewhere.</summary>
    bool IsFailed { get; }

    /// <summary>Appends one batch; it is durable later.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="endOffset">The offset after its last record.</param>
    /// <returns>None, or the log's error: nothing was appended.</returns>
    ErrorCode Append(ReadOnlyMemory<byte> batch, out long endOffset);

    /// <summary>Waits until all below an offset is durable on every replica in sync.</summary>
    /// <param name="waiter">Called once, unless false is returned.</param>
    /// <param name="endOffset">The offset.</param>
    /// <returns>False if it is so already: nobody will be called.</returns>
    bool TryWaitUntilDurable(IDurabilityWaiter waiter, long endOffset);

    /// <summary>Reads whole batches.</summary>
    /// <param name="offset">Where to start: the log's start, or what the read before said.</param>
    /// <param name="buffer">Takes the batches; replaced by a larger one when need be.</param>
    /// <param name="nextOffset">Where to go on.</param>
    /// <returns>
    /// How many bytes of <paramref name="buffer"/> are batches; 0 when compaction left none from the offset to the end.
    /// </returns>
    /// <exception cref="IOException">The log cannot be read there.</exception>
    int Read(long offset, ref byte[] buffer, out long nextOffset);
}

/// <summary>Who waits for records to be durable. Called on the thread that made them so: it must be quick.</summary>
public interface IDurabilityWaiter
{
    /// <summary>They are.</summary>
    void OnDurable();

    /// <summary>They will not be, as far as anybody here will know.</summary>
    /// <param name="error">The log's error.</param>
    void OnFailed(ErrorCode error);
}
