using FastLog.Cluster.Configs;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>What a node does every so often: checkpoints, overdue flushes, producers to forget, logs to try again.</summary>
internal sealed class NodeUpkeep(
    IReadOnlyList<LogDirectory> directories, ReplicaRegistry replicas, ILogger<NodeUpkeep> logger) : IDisposable
{
    // Kafka's log.flush.scheduler has a period of this order too.
    private static readonly TimeSpan ShortPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongPeriod = TimeSpan.FromMinutes(10);

    private readonly List<ITimer> _timers = [];
    private readonly List<Lock> _gates = [];
    private bool _isDisposed;

    public void Start(ClusterNodeOptions options, Func<BrokerConfig> config, TimeProvider time)
    {
        Every(ShortPeriod, time, FlushOverdue);
        Every(ShortPeriod, time, replicas.RetryIncomplete);
        Every(options.RecoveryPointCheckpointInterval, time, CheckpointRecoveryPoints);
        Every(options.HighWatermarkCheckpointInterval, time, CheckpointHighWatermarks);
        Every(LongPeriod, time, CloseIdleFiles);
        Every(options.RetentionCheckInterval, time, DeleteOldSegments, options.InitialTaskDelay);
        Every(options.ProducerIdExpirationCheckInterval, time, () => ExpireProducers(config().ProducerIdExpirationMs));
    }

    public void CheckpointHighWatermarks()
    {
        foreach (var directory in directories)
        {
            directory.CheckpointHighWatermarks(OfDirectory(directory));
        }
    }

    public void Dispose()
    {
        // Taking the gates waits for what is running; nothing starts after.
        Volatile.Write(ref _isDisposed, true);
        foreach (var gate in _gates)
        {
            gate.Enter();
            gate.Exit();
        }
        foreach (var timer in _timers)
        {
            timer.Dispose();
        }
    }

    // A gate for each: a job that is long at work, or ticks at the same moment, does not cost another its turn.
    private void Every(TimeSpan period, TimeProvider time, Action action, TimeSpan? delay = null)
    {
        var gate = new Lock();
        _gates.Add(gate);
        _timers.Add(time.CreateTimer(_ => Run(action, gate), null, delay ?? period, period));
    }

    private void Run(Action action, Lock gate)
    {
        // A tick that comes while the job is still at work can be left out.
        if (!gate.TryEnter())
        {
            return;
        }
        try
        {
            if (!Volatile.Read(ref _isDisposed))
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
            gate.Exit();
        }
    }

    /// <summary>Lets the segments go that retention does not keep.</summary>
    public void DeleteOldSegments()
    {
        foreach (var directory in directories)
        {
            directory.DeleteOldSegments(OfDirectory(directory));
        }
    }

    private IEnumerable<KeyValuePair<TopicPartition, long>> OfDirectory(LogDirectory directory)
    {
        var prefix = directory.DirectoryPath + Path.DirectorySeparatorChar;
        return replicas.Partitions
            .Where(partition => partition.Log.DirectoryPath.StartsWith(prefix, StringComparison.Ordinal))
            .Select(partition => KeyValuePair.Create(partition.Log.Partition, partition.HighWatermark));
    }

    private void FlushOverdue()
    {
        foreach (var directory in directories)
        {
            directory.FlushOverdue();
        }
    }

    private void CheckpointRecoveryPoints()
    {
        foreach (var directory in directories)
        {
            directory.CheckpointRecoveryPoints();
        }
    }

    private void CloseIdleFiles()
    {
        foreach (var directory in directories)
        {
            directory.CloseIdleFiles();
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
