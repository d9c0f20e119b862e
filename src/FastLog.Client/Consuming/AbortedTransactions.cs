using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Client;

/// <summary>
/// Tells which batches belong to aborted transactions, while the batches of one fetch are walked in order (KIP-98).
/// </summary>
/// <remarks>A fetch names the aborted transactions that overlap it: producer id and first offset. From that offset on the
/// producer's batches are dropped, until its abort marker.</remarks>
internal sealed class AbortedTransactions
{
    private readonly List<(long FirstOffset, long ProducerId)> _aborted = [];
    private readonly HashSet<long> _current = [];
    private int _next;

    public void Load(MessageList<FetchResponse.AbortedTransaction>? aborted)
    {
        _aborted.Clear();
        if (aborted is not null)
        {
            foreach (FetchResponse.AbortedTransaction transaction in aborted)
            {
                _aborted.Add((transaction.FirstOffset, transaction.ProducerId));
            }

            _aborted.Sort();
        }

        Restart();
    }

    /// <summary>Back to the first batch.</summary>
    public void Restart()
    {
        _current.Clear();
        _next = 0;
    }

    /// <summary>Takes note of the next batch; true when its records are not to be shown.</summary>
    /// <param name="batch">Its header.</param>
    /// <param name="marker">What a control batch says; null for batches with data.</param>
    public bool IsAborted(in RecordBatchHeader batch, ControlRecordType? marker)
    {
        while (_next < _aborted.Count && _aborted[_next].FirstOffset <= batch.LastOffset)
        {
            _current.Add(_aborted[_next++].ProducerId);
        }

        if (marker == ControlRecordType.Abort)
        {
            _current.Remove(batch.ProducerId);
        }

        return marker is null && batch.IsTransactional && _current.Contains(batch.ProducerId);
    }
}
