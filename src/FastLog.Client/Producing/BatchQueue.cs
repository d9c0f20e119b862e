namespace FastLog.Client;

/// <summary>Sealed batches of one partition that wait to be sent, in the order of their numbers. Not thread-safe.</summary>
internal struct BatchQueue
{
    private ProducerBatch? _first;
    private ProducerBatch? _last;

    public readonly ProducerBatch? First => _first;

    public readonly bool IsEmpty => _first is null;

    public void Append(ProducerBatch batch)
    {
        Invariant.Check(_last is null || _last.Number < batch.Number, "batches are queued in their order");
        batch.Next = null;
        if (_last is null)
        {
            _first = batch;
        }
        else
        {
            _last.Next = batch;
        }

        _last = batch;
    }

    /// <summary>Puts a batch that was sent before back to its place.</summary>
    public void PutBack(ProducerBatch batch)
    {
        ProducerBatch? before = null;
        ProducerBatch? after = _first;
        while (after is not null && after.Number < batch.Number)
        {
            before = after;
            after = after.Next;
        }

        batch.Next = after;
        if (before is null)
        {
            _first = batch;
        }
        else
        {
            before.Next = batch;
        }

        _last = after is null ? batch : _last;
    }

    public void Remove(ProducerBatch batch)
    {
        ProducerBatch? before = null;
        for (ProducerBatch? at = _first; at is not null; before = at, at = at.Next)
        {
            if (!ReferenceEquals(at, batch))
            {
                continue;
            }

            if (before is null)
            {
                _first = at.Next;
            }
            else
            {
                before.Next = at.Next;
            }

            _last = ReferenceEquals(_last, at) ? before : _last;
            at.Next = null;
            return;
        }

        Invariant.Check(false, "a batch was taken from a queue that it is not in");
    }
}
