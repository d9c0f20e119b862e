using FastLog.Protocol;

namespace FastLog.Client;

/// <summary>What <see cref="PartitionQueue.TryTake"/> found.</summary>
internal enum TakeResult
{
    /// <summary>A batch to send; there may be more.</summary>
    Taken,

    /// <summary>Something to send later: a response, a time or a producer id has to come first.</summary>
    Later,

    /// <summary>Nothing to send; the partition is not active any more.</summary>
    Idle,
}

/// <content>
/// What goes out, and what becomes of what comes back.
/// <para>Order: batches are sent in the order of their numbers. Once a batch must be sent again, nothing else of the
/// partition is sent until all that is in flight has come back; then everything goes on from the earliest.</para>
/// <para>Sequence numbers: given when a batch is first sent. After a batch was given up, the later ones of the same
/// epoch cannot be stored. Each is sent as it is until the broker has said so, and gets a number of the next epoch then.
/// </para>
/// </content>
internal sealed partial class PartitionQueue
{
    private SequenceAssignment _next = SequenceAssignment.None;
    private SequenceAssignment _planned = SequenceAssignment.None;
    private bool _isRetrying;
    private bool _hasGap;

    /// <summary>The broker has stored a batch of this epoch. One that has not takes any sequence number as the first, so
    /// a second batch could be stored before a first one that got lost; until then one is sent at a time.</summary>
    private bool _isKnownToBroker;
    private int _failures;
    private long _notBefore;

    /// <summary>Takes the next batch to send.</summary>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="sizeMaxBytes">The room left in the request.</param>
    /// <param name="batch">The batch, to be built and sent.</param>
    /// <param name="wakeAt">When to ask again at the latest; unchanged when no time is to be waited for.</param>
    public TakeResult TryTake(long now, int sizeMaxBytes, out ProducerBatch? batch, ref long wakeAt)
    {
        lock (_gate)
        {
            batch = null;
            if (_queue.IsEmpty && _open is null)
            {
                _isActive = false;
                return TakeResult.Idle;
            }

            int inFlightMax = _isKnownToBroker || !Options.IsIdempotent ? Options.InFlightPerPartitionMax : 1;
            if (_inFlight.Count >= inFlightMax || (_isRetrying && _inFlight.Count > 0))
            {
                return TakeResult.Later;
            }

            if (now < _notBefore)
            {
                wakeAt = Math.Min(wakeAt, _notBefore);
                return TakeResult.Later;
            }

            ProducerBatch? next = NextToSend(now, ref wakeAt);
            if (next is null || next.EstimatedSizeInBytes > sizeMaxBytes || IsTooFarAhead(next) || !TryAssign(next))
            {
                return TakeResult.Later;
            }

            _isRetrying = false;
            _queue.Remove(next);
            _inFlight.Add(next);
            next.Attempts++;
            batch = next;
            return TakeResult.Taken;
        }
    }

    /// <summary>Judges a batch that came back. Unless it is retried it belongs to the caller, who reports it.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="error">The broker's answer, or <see cref="ErrorCode.NetworkException"/> without one.</param>
    /// <param name="now">The clock's timestamp.</param>
    /// <param name="isActivated">The partition had nothing to send and now has: its sender must hear of it.</param>
    public Verdict OnReturned(ProducerBatch batch, ErrorCode error, long now, out bool isActivated)
    {
        lock (_gate)
        {
            bool wasActive = _isActive;
            bool wasInFlight = _inFlight.Remove(batch);
            Invariant.Check(wasInFlight, "a batch came back that was not in flight");
            bool isOutOfOrder = DeliveryRules.IsOutOfOrder(error) && batch.Assignment.IsAssigned;
            BatchOutcome outcome = new(
                error,
                batch.Assignment.IsAssigned,
                HasEarlierUnresolved: isOutOfOrder && HasEarlierUnresolved(batch),
                HasEarlierFailed: _hasGap,
                IsExpired(batch, now));
            Verdict verdict = DeliveryRules.Judge(outcome);
            switch (verdict)
            {
                case Verdict.Delivered:
                    _failures = 0;
                    _isKnownToBroker |= batch.Assignment.IsOfSameEpoch(_next);
                    break;
                case Verdict.Fail:
                    _hasGap |= batch.Assignment.IsAssigned;
                    break;
                case Verdict.Retry:
                    Retry(batch, now);
                    break;
                case Verdict.RetryWithNewSequence:
                    batch.Assignment = SequenceAssignment.None;
                    Retry(batch, now);
                    break;
            }

            isActivated = _isActive && !wasActive;
            return verdict;
        }
    }

    /// <summary>Takes the earliest batch out whose delivery timeout has passed while it waited; null when none has.
    /// With <paramref name="all"/> every batch counts as too late.</summary>
    public ProducerBatch? TakeExpired(long now, bool all)
    {
        lock (_gate)
        {
            if (_queue.IsEmpty && _open is { } open && (all || IsExpired(open, now)))
            {
                Seal(open);
            }

            if (_queue.First is not { } first || !(all || IsExpired(first, now)))
            {
                return null;
            }

            _queue.Remove(first);
            // It was sent and may be stored, or not: those after it must not count on either.
            _hasGap |= first.Assignment.IsAssigned;
            return first;
        }
    }

    private void Retry(ProducerBatch batch, long now)
    {
        _queue.PutBack(batch);
        _isRetrying = true;
        _failures++;
        _notBefore = now + resources.ToTicks(resources.Backoff.After(_failures));
        _isActive = true;
    }

    private ProducerBatch? NextToSend(long now, ref long wakeAt)
    {
        if (_hasGap && FirstAssigned() is { } unresolved)
        {
            return unresolved;
        }

        if (_queue.First is null && _open is { } open)
        {
            long readyAt = open.OpenedAt + resources.LingerTicks;
            if (now < readyAt && !resources.SendsAtOnce)
            {
                wakeAt = Math.Min(wakeAt, readyAt);
                return null;
            }

            Seal(open);
        }

        return _queue.First;
    }

    /// <summary>
    /// A broker recognises the last five batches only. One that is tried again and again while later ones are stored
    /// would be forgotten, and then refused although it is stored.
    /// </summary>
    private bool IsTooFarAhead(ProducerBatch batch)
    {
        if (!Options.IsIdempotent)
        {
            return false;
        }

        foreach (ProducerBatch other in _inFlight)
        {
            if (batch.Number - other.Number >= ProducerOptions.IdempotentInFlightMax)
            {
                return true;
            }
        }

        return false;
    }

    private bool TryAssign(ProducerBatch batch)
    {
        if (!Options.IsIdempotent || batch.Assignment.IsAssigned)
        {
            return true;
        }

        if (_hasGap && !TryStartNextEpoch())
        {
            return false;
        }

        if (!_next.IsAssigned)
        {
            if (!resources.ProducerIds.TryGet(out long producerId, out short epoch))
            {
                return false;
            }

            _next = new SequenceAssignment(producerId, epoch, 0);
            _isKnownToBroker = false;
        }

        batch.Assignment = _next;
        _next = _next.After(batch.RecordsCount);
        if (!_planned.IsOfSameEpoch(_next))
        {
            PlanAgain();
        }

        return true;
    }

    /// <summary>Begins the next epoch, once no batch of the last one is without an answer.</summary>
    private bool TryStartNextEpoch()
    {
        if (FirstAssigned() is not null || _inFlight.Count > 0)
        {
            return false;
        }

        if (_next.ProducerEpoch < short.MaxValue)
        {
            _next = _next with { ProducerEpoch = (short)(_next.ProducerEpoch + 1), BaseSequence = 0 };
        }
        else
        {
            resources.ProducerIds.Retire(_next.ProducerId);
            _next = SequenceAssignment.None;
        }

        _hasGap = false;
        _isKnownToBroker = false;
        return true;
    }

    /// <summary>
    /// Guesses what the batch after <paramref name="sealedBatch"/> will go out with, so that it is built with the right
    /// header at once. A wrong guess costs a second CRC, nothing else.
    /// </summary>
    private void PlanAfter(ProducerBatch sealedBatch)
    {
        if (_planned.IsAssigned)
        {
            _planned = _planned.After(sealedBatch.RecordsCount);
        }
    }

    /// <summary>Guesses anew from <see cref="_next"/>, after a new producer id or epoch.</summary>
    private void PlanAgain()
    {
        _planned = _next;
        for (ProducerBatch? batch = _queue.First; batch is not null; batch = batch.Next)
        {
            _planned = batch.Assignment.IsAssigned ? _planned : _planned.After(batch.RecordsCount);
        }
    }

    private ProducerBatch? FirstAssigned()
    {
        for (ProducerBatch? batch = _queue.First; batch is not null; batch = batch.Next)
        {
            if (batch.Assignment.IsAssigned)
            {
                return batch;
            }
        }

        return null;
    }

    private bool HasEarlierUnresolved(ProducerBatch batch)
    {
        foreach (ProducerBatch other in _inFlight)
        {
            if (other.Number < batch.Number && other.Assignment.IsAssigned)
            {
                return true;
            }
        }

        return FirstAssigned() is { } waiting && waiting.Number < batch.Number;
    }

    private bool IsExpired(ProducerBatch batch, long now) => now - batch.OpenedAt > resources.DeliveryTimeoutTicks;
}
