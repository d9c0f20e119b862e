using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Raft;

/// <summary>
/// Puts together, on replay, what Kafka's controllers split over several batches: records between BeginTransaction and
/// EndTransaction count together or, after AbortTransaction or when the end is missing, not at all.
/// </summary>
internal sealed class MetadataTransaction(IMetadataListener listener)
{
    private readonly List<(IMetadataRecord Record, long Offset, int Epoch)> _pending = [];

    /// <summary>Whether records are held back.</summary>
    public bool IsOpen { get; private set; }

    public void Replay(IMetadataRecord record, long offset, int epoch)
    {
        switch (record)
        {
            case BeginTransactionRecord:
                IsOpen = !IsOpen ? true : throw new RaftException($"offset {offset}: a second transaction begins");
                break;
            case EndTransactionRecord:
                Close(offset);
                foreach (var (held, heldOffset, heldEpoch) in _pending)
                {
                    listener.OnReplay(held, heldOffset, heldEpoch);
                }
                _pending.Clear();
                break;
            case AbortTransactionRecord:
                Close(offset);
                _pending.Clear();
                break;
            default:
                if (IsOpen)
                {
                    _pending.Add((record, offset, epoch));
                }
                else
                {
                    listener.OnReplay(record, offset, epoch);
                }
                break;
        }
    }

    private void Close(long offset) =>
        IsOpen = IsOpen ? false : throw new RaftException($"offset {offset}: a transaction ends that did not begin");
}
