using System.Collections.Concurrent;
using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <summary>
/// Brings batches to the leaders of their partitions and reports what became of them; keeps leaders up to date, wakes
/// what lingers, and gives up what took too long.
/// </summary>
internal sealed class DeliveryEngine : IAsyncDisposable
{
    private const int CheckPeriodMs = 200;

    private readonly ProducerResources _resources;
    private readonly ConcurrentDictionary<int, BrokerSender> _senders = new();
    private readonly Lock _gate = new();
    private readonly List<PartitionQueue> _homeless = [];
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _wake;
    private readonly ITimer _check;
    private readonly LeaderRefresh _refresh;
    private PartitionQueue[] _partitions = [];
    private BrokerSender[] _allSenders = [];
    private long _wakeAt = long.MaxValue;

    public DeliveryEngine(ClusterClient cluster, ProducerResources resources)
    {
        Cluster = cluster;
        _resources = resources;
        Closing = _closing.Token;
        _refresh = new LeaderRefresh(cluster, resources.Options, OnMetadata, Closing);
        _wake = Time.CreateTimer(_ => OnWake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        TimeSpan period = TimeSpan.FromMilliseconds(CheckPeriodMs);
        _check = Time.CreateTimer(_ => Check(), null, period, period);
    }

    public ClusterClient Cluster { get; }

    /// <summary>Cancelled when the producer closes.</summary>
    public CancellationToken Closing { get; }

    private TimeProvider Time => _resources.Options.TimeProvider;

    /// <summary>Adds a partition whose batches are to be delivered.</summary>
    public void Add(PartitionQueue partition)
    {
        partition.LeaderId = Cluster.Metadata.LeaderOf(partition.Topic, partition.Index);
        lock (_gate)
        {
            Volatile.Write(ref _partitions, [.. _partitions, partition]);
        }

        _refresh.AddTopic(partition.Topic);
    }

    /// <summary>Something was appended.</summary>
    public void OnAppended(PartitionQueue partition, AppendOutcome outcome)
    {
        if ((outcome & AppendOutcome.Activated) != 0)
        {
            Route(partition);
        }
        else if ((outcome & AppendOutcome.Ready) != 0 && partition.LeaderId >= 0)
        {
            SenderOf(partition.LeaderId).Poke();
        }
    }

    /// <summary>Hands a partition with something to send to the sender of its leader.</summary>
    public void Route(PartitionQueue partition)
    {
        int leaderId = partition.LeaderId;
        if (leaderId >= 0)
        {
            BrokerSender sender = SenderOf(leaderId);
            sender.Activate(partition);
            sender.Poke();
            return;
        }

        lock (_gate)
        {
            _homeless.Add(partition);
        }

        RequestRefresh();
    }

    public void RequestRefresh() => _refresh.Request();

    /// <summary>Makes all senders look whether there is something to send.</summary>
    public void PokeAll()
    {
        foreach (BrokerSender sender in Volatile.Read(ref _allSenders))
        {
            sender.Poke();
        }
    }

    /// <summary>Makes all senders look at a time, given as a timestamp of the clock; long.MaxValue for never.</summary>
    public void WakeAt(long timestamp)
    {
        if (timestamp >= Volatile.Read(ref _wakeAt))
        {
            return;
        }

        lock (_gate)
        {
            if (timestamp < _wakeAt)
            {
                _wakeAt = timestamp;
                TimeSpan due = Time.GetElapsedTime(Time.GetTimestamp(), timestamp);
                _wake.Change(due > TimeSpan.Zero ? due : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>A batch came back from a broker, or was not taken by one.</summary>
    public void OnReturned(ProducerBatch batch, ErrorCode error, string? text, long baseOffset, long logAppendTimeMs)
    {
        PartitionQueue partition = batch.Partition!;
        if (error != ErrorCode.None)
        {
            _resources.Options.Logger.LogDebug(
                "{Topic}-{Partition}: {Error} {Text}", partition.Topic, partition.Index, error.Name(), text);
            if (error.RefreshesMetadata())
            {
                RequestRefresh();
            }
        }

        Verdict verdict = partition.OnReturned(batch, error, Time.GetTimestamp(), out bool isActivated);
        switch (verdict)
        {
            case Verdict.Delivered:
                Report(batch, ErrorCode.None, null, baseOffset, logAppendTimeMs);
                break;
            case Verdict.Fail:
                Report(batch, error, text, -1, -1);
                break;
        }

        if (isActivated)
        {
            Route(partition);
        }
    }

    /// <summary>Closes the connections and reports every batch that is left as failed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _wake.DisposeAsync().ConfigureAwait(false);
        await _check.DisposeAsync().ConfigureAwait(false);
        await Cluster.DisposeAsync().ConfigureAwait(false);
        GiveUp(all: true, new KafkaException(ErrorCode.NetworkException, "the producer was closed"));
    }

    private BrokerSender SenderOf(int nodeId) =>
        _senders.TryGetValue(nodeId, out BrokerSender? known) ? known : AddSender(nodeId);

    private BrokerSender AddSender(int nodeId)
    {
        lock (_gate)
        {
            if (!_senders.TryGetValue(nodeId, out BrokerSender? sender))
            {
                sender = new BrokerSender(nodeId, this, _resources);
                _senders[nodeId] = sender;
                Volatile.Write(ref _allSenders, [.. _allSenders, sender]);
            }

            return sender;
        }
    }

    private void Report(ProducerBatch batch, ErrorCode error, string? text, long baseOffset, long logAppendTimeMs)
    {
        PartitionQueue partition = batch.Partition!;
        try
        {
            batch.Handler!.OnDelivered(new DeliveryReport
            {
                Topic = partition.Topic,
                Partition = partition.Index,
                ErrorCode = error,
                ErrorMessage = text,
                BaseOffset = baseOffset,
                LogAppendTimeMs = logAppendTimeMs,
                Tokens = batch.Tokens,
                SizeInBytes = batch.SizeInBytes,
            });
        }
#pragma warning disable CA1031 // Somebody else's code; the records of others must go on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _resources.Options.Logger.LogError(e, "a delivery handler threw");
        }

        long reserved = batch.ReservedBytes;
        batch.ReservedBytes = 0;
        foreach (FlushWait flush in batch.Flushes)
        {
            flush.OnBatchEnded();
        }

        batch.Flushes.Clear();
        _resources.Batches.Return(batch);
        _resources.Memory.Release(reserved);
    }

    private void OnWake()
    {
        Volatile.Write(ref _wakeAt, long.MaxValue);
        PokeAll();
    }

    private void OnMetadata(ClusterMetadata metadata)
    {
        foreach (PartitionQueue partition in Volatile.Read(ref _partitions))
        {
            partition.LeaderId = metadata.LeaderOf(partition.Topic, partition.Index);
        }

        PartitionQueue[] homeless;
        lock (_gate)
        {
            homeless = [.. _homeless];
            _homeless.Clear();
        }

        foreach (PartitionQueue partition in homeless)
        {
            Route(partition);
        }

        PokeAll();
    }

    private void Check()
    {
        if (_resources.ProducerIds.Failure is { } noId)
        {
            GiveUp(all: true, noId);
        }
        else
        {
            GiveUp(all: false, new KafkaException(
                ErrorCode.RequestTimedOut, $"not acknowledged within {_resources.Options.DeliveryTimeoutMs} ms"));
        }

        _refresh.RequestIfOld();
        PokeAll();
    }

    private void GiveUp(bool all, KafkaException why)
    {
        long now = Time.GetTimestamp();
        foreach (PartitionQueue partition in Volatile.Read(ref _partitions))
        {
            while (partition.TakeExpired(now, all) is { } batch)
            {
                Report(batch, why.ErrorCode, why.Message, -1, -1);
            }
        }
    }
}
