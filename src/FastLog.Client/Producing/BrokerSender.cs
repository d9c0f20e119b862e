using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <summary>
/// Sends the batches of all partitions that one broker leads: one batch of each partition a request, several requests on
/// their way at once.
/// </summary>
/// <remarks>
/// There is no sending thread. Whoever makes something sendable pokes: an append, a response, a timer. One of them at a
/// time does the sending, and those that poke meanwhile make it look again. So a lone record leaves on the thread that
/// appended it, and under load the thread that reads responses sends what has gathered.
/// </remarks>
internal sealed class BrokerSender(int nodeId, DeliveryEngine engine, ProducerResources resources) : IThreadPoolWorkItem
{
    private readonly Lock _activeGate = new();
    private readonly List<PartitionQueue> _active = [];
    private readonly List<PartitionQueue> _strangers = [];
    private readonly Lock _callsGate = new();
    private readonly Stack<ProduceCall> _freeCalls = new();
    private BrokerConnection? _connection;
    private int _turn;
    private int _pokes;
    private int _callsInFlight;
    private int _isConnecting;

    public int NodeId => nodeId;

    /// <summary>Adds a partition that has something to send.</summary>
    public void Activate(PartitionQueue partition)
    {
        lock (_activeGate)
        {
            _active.Add(partition);
        }
    }

    /// <summary>Something may be sendable now.</summary>
    public void Poke()
    {
        if (Volatile.Read(ref _callsInFlight) >= resources.Options.MaxInFlightRequestsPerConnection)
        {
            // The next response pokes.
            return;
        }

        if (Interlocked.Increment(ref _pokes) != 1)
        {
            return;
        }

        if (resources.Options.CompressionType == Records.CompressionType.None)
        {
            Execute();
        }
        else
        {
            // Packing takes long: neither the appending thread nor the one that reads responses should do it.
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    /// <summary>Sends until there is nothing to send and nobody has poked meanwhile.</summary>
    public void Execute()
    {
        int seen;
        do
        {
            seen = Volatile.Read(ref _pokes);
            SendAll();
        }
        while (Interlocked.Add(ref _pokes, -seen) != 0);
    }

    /// <summary>One batch came back.</summary>
    public void OnReturned(ProducerBatch batch, ErrorCode error, string? text, long baseOffset, long logAppendTimeMs) =>
        engine.OnReturned(batch, error, text, baseOffset, logAppendTimeMs);

    /// <summary>A request has ended, all its batches were given back.</summary>
    public void OnEnded(ProduceCall call)
    {
        lock (_callsGate)
        {
            _freeCalls.Push(call);
        }

        Interlocked.Decrement(ref _callsInFlight);
        Poke();
    }

    /// <summary>The broker talks nonsense on this connection; it ends.</summary>
    public static void OnUnreadable(BrokerConnection connection) => _ = CloseAsync(connection);

    private static async Task CloseAsync(BrokerConnection connection)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private void SendAll()
    {
        while (_callsInFlight < resources.Options.MaxInFlightRequestsPerConnection)
        {
            if (_connection is not { IsOpen: true } connection)
            {
                ConnectIfNeeded();
                return;
            }

            ProduceCall call = RentCall();
            Collect(call);
            if (call.IsEmpty)
            {
                ReturnCall(call);
                return;
            }

            Interlocked.Increment(ref _callsInFlight);
            Send(call, connection);
        }
    }

    private void Send(ProduceCall call, BrokerConnection connection)
    {
        try
        {
            call.Send(connection, resources.Options);
        }
#pragma warning disable CA1031 // Whatever goes wrong in building a request, its batches must end, and others go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ErrorCode error = e is KafkaException kafka ? kafka.ErrorCode : ErrorCode.UnknownServerError;
            resources.Options.Logger.LogError(e, "a produce request could not be made");
            call.FailAll(error, e.Message);
        }
    }

    /// <summary>Takes one batch of every partition that has one to send, in turn, as long as the request has room.</summary>
    private void Collect(ProduceCall call)
    {
        long now = resources.Options.TimeProvider.GetTimestamp();
        long wakeAt = long.MaxValue;
        int room = int.MaxValue;
        lock (_activeGate)
        {
            int i = _active.Count == 0 ? 0 : _turn % _active.Count;
            for (int left = _active.Count; left > 0 && room > 0; left--)
            {
                PartitionQueue partition = _active[i];
                bool isOurs = partition.LeaderId == nodeId;
                ProducerBatch? batch = null;
                TakeResult result = isOurs ? partition.TryTake(now, room, out batch, ref wakeAt) : TakeResult.Idle;
                if (batch is not null)
                {
                    call.Add(batch);
                    room = Math.Min(room, resources.Options.MaxRequestSizeBytes) - batch.EstimatedSizeInBytes;
                }

                if (result == TakeResult.Idle)
                {
                    Remove(i, isOurs ? null : partition);
                }
                else
                {
                    i++;
                }

                i = i < _active.Count ? i : 0;
            }

            _turn = i;
        }

        MoveStrangers();
        engine.WakeAt(wakeAt);
    }

    private void Remove(int index, PartitionQueue? stranger)
    {
        _active[index] = _active[^1];
        _active.RemoveAt(_active.Count - 1);
        if (stranger is not null)
        {
            _strangers.Add(stranger);
        }
    }

    private void MoveStrangers()
    {
        foreach (PartitionQueue stranger in _strangers)
        {
            engine.Route(stranger);
        }

        _strangers.Clear();
    }

    private void ConnectIfNeeded()
    {
        bool hasWork;
        lock (_activeGate)
        {
            for (int i = _active.Count - 1; i >= 0; i--)
            {
                if (_active[i].LeaderId != nodeId)
                {
                    Remove(i, _active[i]);
                }
            }

            hasWork = _active.Count > 0;
        }

        MoveStrangers();
        if (hasWork && Interlocked.Exchange(ref _isConnecting, 1) == 0)
        {
            _ = Task.Run(ConnectAsync);
        }
    }

    private async Task ConnectAsync()
    {
        try
        {
            _connection = await engine.Cluster.BrokerAsync(nodeId, ConnectionUse.Produce, engine.Closing)
                .ConfigureAwait(false);
        }
        catch (Exception e) when (e is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            resources.Options.Logger.LogDebug("broker {NodeId}: {Reason}", nodeId, e.Message);
            engine.RequestRefresh();
            long pause = resources.ToTicks(resources.Backoff.After(1));
            engine.WakeAt(resources.Options.TimeProvider.GetTimestamp() + pause);
            return;
        }
        finally
        {
            Volatile.Write(ref _isConnecting, 0);
        }

        Poke();
    }

    private ProduceCall RentCall()
    {
        lock (_callsGate)
        {
            return _freeCalls.TryPop(out ProduceCall? free) ? free : new ProduceCall(this);
        }
    }

    private void ReturnCall(ProduceCall call)
    {
        lock (_callsGate)
        {
            _freeCalls.Push(call);
        }
    }
}
