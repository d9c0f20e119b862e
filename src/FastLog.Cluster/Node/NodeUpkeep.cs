using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>What a node does every so often: checkpoints, overdue flushes, producers to forget, logs to try again.</summary>
internal sealed class NodeUpkeep(
    IReadOnlyList<LogDirectory> directories, ReplicaRegistry replicas, ILogger<NodeUpkeep> logger) : IDisposable
{
    // Kafka's log.flush.scheduler has a period of this order too.
    private static readonly TimeSpan ShortPeriod = TimeSpan.FromSeconds(1);

    private readonly List<ITimer> _timers = [];
    private readonly Lock _lock = new();
    private bool _isDisposed;

    public void Start(ClusterNodeOptions options, TimeProvider time)
    {
        Every(ShortPeriod, time, FlushOverdue);
        Every(options.RecoveryPointCheckpointInterval, time, CheckpointRecoveryPoints);
        Every(options.HighWatermarkCheckpointInterval, time, CheckpointHighWatermarks);
        Every(options.ProducerIdExpirationCheckInterval, time, () => ExpireProducers((long)options.ProducerIdExpiration.TotalMilliseconds));
    }

    public void CheckpointHighWatermarks()
    {
        foreach (var directory in directories)
        {
            var prefix = directory.DirectoryPath + Path.DirectorySeparatorChar;
            directory.CheckpointHighWatermarks(replicas.Partitions
                .Where(partition => partition.Log.DirectoryPath.StartsWith(prefix, StringComparison.Ordinal))
                .Select(partition => KeyValuePair.Create(partition.Log.Partition, partition.HighWatermark)));
        }
    }

    public void Dispose()
    {
        // Taking the lock waits for what is running; nothing starts after.
        lock (_lock)
        {
            _isDisposed = true;
        }
        foreach (var timer in _timers)
        {
            timer.Dispose();
        }
    }

    private void Every(TimeSpan period, TimeProvider time, Action action) =>
        _timers.Add(time.CreateTimer(_ => Run(action), null, period, period));

    private void Run(Action action)
    {
        // One thing at a time, and a tick that comes while one is at work can be left out.
        if (!_lock.TryEnter())
        {
            return;
        }
        try
        {
            if (!_isDisposed)
            {
                action();
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            logger.LogError(exception, "Upkeep of the log directories failed");
        }
        finally
        {
            _lock.Exit();
        }
    }

    private void FlushOverdue()
    {
        foreach (var directory in directories)
        {
            directory.FlushOverdue();
        }
        replicas.RetryIncomplete();
    }

    private void CheckpointRecoveryPoints()
    {
        foreach (var directory in directories)
        {
            directory.CheckpointRecoveryPoints();
        }
    }

    private void ExpireProducers(long expirationMs)
    {
        foreach (var partition in replicas.Partitions)
        {
            partition.Log.ExpireProducers(expirationMs);
        }
    }
}
