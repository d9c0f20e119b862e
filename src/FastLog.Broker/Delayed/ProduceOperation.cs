using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Delayed;

/// <summary>
/// A produce request whose records are in the logs and whose answer waits until they are durable (acks=1) or below
/// the high watermark (acks=all). Its response is built while appending; a partition that fails or is late only
/// changes its own entry.
/// </summary>
internal sealed class ProduceOperation(OperationPool<ProduceOperation> pool, TimerWheel wheel)
    : DelayedOperation, IOffsetWaiter
{
    // One huge request shall not occupy memory for ever.
    private const int WaitsKeptMax = 4096;

    private readonly ProduceResponse _response = new();
    private readonly Lock _lock = new();
    private PartitionWait[] _waits = new PartitionWait[4];
    private int _waitCount;
    private int _pendingCount;
    private bool _answered;
    private RequestContext _context;

    /// <summary>The response under construction; only the handler that rented the operation fills it.</summary>
    public ProduceResponse Response => _response;

    /// <summary>Begins a new life for one request.</summary>
    public void Begin(in RequestContext context)
    {
        BeginLife();
        _context = context;
        _response.Reset();
        _waitCount = 0;
        _pendingCount = 0;
        _answered = false;
    }

    /// <summary>The entry in the response waits until the partition reaches <paramref name="endOffset"/>.</summary>
    public void AddWait(Partition partition, long endOffset, ProduceResponse.PartitionProduceResponse entry)
    {
        if (_waitCount == _waits.Length)
        {
            Array.Resize(ref _waits, _waitCount * 2);
        }

        _waits[_waitCount++] = new PartitionWait(partition, endOffset, entry);
    }

    /// <summary>
    /// Everything is appended: answers at once when nothing is left to wait for, else later. The caller must not
    /// touch the operation afterwards.
    /// </summary>
    /// <param name="acksAll">Wait for the high watermark (acks=all) rather than for the local disk (acks=1).</param>
    /// <param name="timeoutMs">After this many milliseconds late partitions are answered REQUEST_TIMED_OUT.</param>
    public void Start(bool acksAll, int timeoutMs)
    {
        // One extra pending keeps an early callback from answering while partitions are still being registered; one
        // extra hold keeps a deadline that comes before the end of this method from sending the operation to its pool.
        _pendingCount = _waitCount + 1;
        Hold();
        var registered = false;
        for (var i = 0; i < _waitCount; i++)
        {
            Hold();
            var wait = _waits[i];
            var waiting = acksAll
                ? wait.Partition.TryWaitForHighWatermark(this, wait.EndOffset)
                : wait.Partition.TryWaitForDurable(this, wait.EndOffset);
            registered |= waiting;
            if (!waiting)
            {
                Settle(wait.Partition, ErrorCode.None);
            }
        }

        if (registered)
        {
            // Nobody answers before the count down below, or the deadline.
            _context.Response.MarkWaiting();
            Hold();
            wheel.Schedule(this, timeoutMs);
        }

        if (CountDown())
        {
            Answer();
        }

        Release();
    }

    /// <summary>Ends the life of an operation that will not answer: acks=0.</summary>
    public void Abandon() => Release();

    void IOffsetWaiter.OnOffsetReached(Partition partition) => Settle(partition, ErrorCode.None);

    void IOffsetWaiter.OnPartitionFailed(Partition partition, ErrorCode error) => Settle(partition, error);

    internal override void OnDeadline()
    {
        bool answer;
        lock (_lock)
        {
            answer = !_answered;
            _answered = true;
            for (var i = 0; i < _waitCount; i++)
            {
                if (answer && !_waits[i].Settled)
                {
                    Fail(_waits[i].Entry, ErrorCode.RequestTimedOut);
                }
            }
        }

        if (answer)
        {
            for (var i = 0; i < _waitCount; i++)
            {
                // Counted, since a request may name a partition twice and then waits there twice.
                Release(_waits[i].Partition.RemoveWaiter(this));
            }

            Send();
        }

        Release();
    }

    private protected override void ReturnToPool()
    {
        Array.Clear(_waits, 0, _waitCount);
        if (_waits.Length > WaitsKeptMax)
        {
            _waits = new PartitionWait[4];
        }

        _context = default;
        pool.Return(this);
    }

    private void Settle(Partition partition, ErrorCode error)
    {
        bool answer;
        lock (_lock)
        {
            ref var wait = ref WaitToSettle(partition, isReached: error == ErrorCode.None);
            wait.Settled = true;
            if (error != ErrorCode.None && !_answered)
            {
                Fail(wait.Entry, error);
            }

            answer = CountDown();
        }

        if (answer)
        {
            Answer();
        }

        Release();
    }

    /// <summary>
    /// A partition named twice calls twice and does not say for which offset: what is reached is the lowest one
    /// waited for, what fails the highest one. So an entry never counts as durable by another entry's success.
    /// </summary>
    private ref PartitionWait WaitToSettle(Partition partition, bool isReached)
    {
        var found = -1;
        for (var i = 0; i < _waitCount; i++)
        {
            ref readonly var wait = ref _waits[i];
            if (!wait.Settled && ReferenceEquals(wait.Partition, partition)
                && (found < 0 || wait.EndOffset < _waits[found].EndOffset == isReached))
            {
                found = i;
            }
        }

        Invariant.Check(found >= 0, "a partition calls as often as it was asked to");
        return ref _waits[found];
    }

    private bool CountDown()
    {
        lock (_lock)
        {
            _pendingCount--;
            if (_pendingCount > 0 || _answered)
            {
                return false;
            }

            _answered = true;
            return true;
        }
    }

    private void Answer()
    {
        if (wheel.Cancel(this))
        {
            Release();
        }

        Send();
    }

    private void Send()
    {
        _context.RespondOrClose(_response);
        Release();
    }

    private static void Fail(ProduceResponse.PartitionProduceResponse entry, ErrorCode error)
    {
        entry.ErrorCode = error;
        entry.BaseOffset = -1;
        entry.LogAppendTimeMs = -1;
    }

    private struct PartitionWait(Partition partition, long endOffset, ProduceResponse.PartitionProduceResponse entry)
    {
        public readonly Partition Partition = partition;
        public readonly long EndOffset = endOffset;
        public readonly ProduceResponse.PartitionProduceResponse Entry = entry;
        public bool Settled;
    }
}
