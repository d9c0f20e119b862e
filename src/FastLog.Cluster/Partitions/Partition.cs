using System.Buffers;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>
/// One partition led by this broker. Lives from the moment its log is open until the topic is removed or the node
/// stops; lookups that hold on to it longer find it failed. All members may be called by any thread.
/// </summary>
/// <remarks>
/// This broker being every ISR's only member, the high watermark is the log's durable end: a consumer sees a record
/// when it is on disk, and not before.
/// </remarks>
public sealed class Partition : ILogListener
{
    private readonly OffsetWaiters _durableWaiters;
    private readonly OffsetWaiters _highWatermarkWaiters;
    private readonly OffsetWaiters _lastStableWaiters;
    private readonly ILogger _logger;

    private PartitionImage _image;
    private TopicSettings _settings;
    private long _highWatermark;
    private long _lastStableOffset;
    private long _fetchedBytes;
    private int _failure;

    internal Partition(
        string topic,
        Guid topicId,
        int index,
        PartitionLog log,
        PartitionImage image,
        TopicSettings settings,
        ILogger logger)
    {
        Invariant.Check(log.TopicId == topicId, "a log belongs to its topic");
        Topic = topic;
        TopicId = topicId;
        Index = index;
        Log = log;
        _image = image;
        _settings = settings;
        _logger = logger;
        _durableWaiters = new OffsetWaiters(this);
        _highWatermarkWaiters = new OffsetWaiters(this);
        _lastStableWaiters = new OffsetWaiters(this);
        log.Listener = this;
        BeginEpoch(image.LeaderEpoch);
        AdvanceDurableEnd(log.DurableEndOffset);
    }

    /// <summary>Name of the topic.</summary>
    public string Topic { get; }

    /// <summary>Id of the topic.</summary>
    public Guid TopicId { get; }

    /// <summary>Index of the partition in the topic.</summary>
    public int Index { get; }

    /// <summary>The records.</summary>
    public PartitionLog Log { get; }

    /// <summary>The topic's configuration as it is now.</summary>
    public TopicSettings Settings => Volatile.Read(ref _settings);

    /// <summary>The epoch this broker leads in; batches appended carry it.</summary>
    public int LeaderEpoch => Volatile.Read(ref _image).LeaderEpoch;

    /// <summary>How many replicas are in sync, this one among them.</summary>
    public int InSyncReplicasCount => Volatile.Read(ref _image).Isr.Length;

    /// <summary>How many replicas there are.</summary>
    public int ReplicasCount => Volatile.Read(ref _image).Replicas.Length;

    /// <summary>Records below this offset are on the disk of every in-sync replica; consumers read up to it.</summary>
    public long HighWatermark => Volatile.Read(ref _highWatermark);

    /// <summary>Records below this offset belong to no open transaction; read_committed reads up to it.</summary>
    public long LastStableOffset
    {
        get
        {
            // The log's start may have moved since, over what holds it back.
            var stable = Math.Max(Volatile.Read(ref _lastStableOffset), Log.LogStartOffset);
            return Math.Min(stable, HighWatermark);
        }
    }

    /// <summary>Offset of the first record that is kept.</summary>
    public long LogStartOffset => Log.LogStartOffset;

    /// <summary>Whether acks=all may be answered: as many replicas in sync as min.insync.replicas asks for.</summary>
    public bool HasEnoughInSyncReplicas =>
        InSyncReplicasCount >= Math.Min(Settings.InsyncReplicasMin, ReplicasCount);

    /// <summary>None while the partition can be written to and read; else the error that answers everything.</summary>
    public ErrorCode Failure => (ErrorCode)(short)Volatile.Read(ref _failure);

    /// <summary>Bytes of records that fetches were answered with.</summary>
    public long FetchedBytes => Volatile.Read(ref _fetchedBytes);

    /// <summary>A fetch is answered with so many bytes of records.</summary>
    public void CountFetched(int sizeInBytes) => Interlocked.Add(ref _fetchedBytes, sizeInBytes);

    /// <summary>How many wait for the high watermark; for metrics and tests.</summary>
    public int HighWatermarkWaitersCount => _highWatermarkWaiters.Count;

    /// <summary>How many wait for the last stable offset; for metrics and tests.</summary>
    public int LastStableWaitersCount => _lastStableWaiters.Count;

    /// <summary>How many wait for the durable end; for metrics and tests.</summary>
    public int DurableWaitersCount => _durableWaiters.Count;

    /// <summary>Appends what a producer sent. Check <see cref="Failure"/> first; a log that failed says StorageError.</summary>
    /// <param name="records">One record batch, as it came.</param>
    public AppendResult AppendAsLeader(in ReadOnlySequence<byte> records) =>
        AppendAsLeader(records, AppendOrigin.Client);

    /// <summary>Appends what a producer, or a coordinator of this broker, wrote.</summary>
    /// <param name="records">Record batches.</param>
    /// <param name="origin">Who wrote them.</param>
    public AppendResult AppendAsLeader(in ReadOnlySequence<byte> records, AppendOrigin origin)
    {
        Invariant.Check(origin != AppendOrigin.Replication, "a leader copies from nobody");
        return Log.Append(records, origin, LeaderEpoch);
    }

    /// <summary>Waits until all records below an offset are durable on this broker (acks=1).</summary>
    /// <param name="w">Called once, unless false is returned.</param>
    /// <param name="endOffset">The offset after the last record waited for.</param>
    /// <returns>False if it is so already: nothing was registered and nobody will be called.</returns>
    public bool TryWaitForDurable(IOffsetWaiter w, long endOffset) => _durableWaiters.TryAdd(w, endOffset);

    /// <summary>Waits until the high watermark has reached an offset (acks=all, fetches).</summary>
    /// <param name="w">Called once, unless false is returned.</param>
    /// <param name="endOffset">The offset the high watermark must reach.</param>
    /// <returns>False if it is so already: nothing was registered and nobody will be called.</returns>
    public bool TryWaitForHighWatermark(IOffsetWaiter w, long endOffset) => _highWatermarkWaiters.TryAdd(w, endOffset);

    /// <summary>Waits until the last stable offset has reached an offset (fetches with read_committed).</summary>
    /// <param name="w">Called once, unless false is returned.</param>
    /// <param name="endOffset">The offset the last stable offset must reach.</param>
    /// <returns>False if it is so already: nothing was registered and nobody will be called.</returns>
    public bool TryWaitForLastStable(IOffsetWaiter w, long endOffset) => _lastStableWaiters.TryAdd(w, endOffset);

    /// <summary>
    /// Ends a wait, after a timeout as a rule. When this returns, the waiter will not be called any more or has been
    /// called. Waits for a call of it that is under way on another thread, so hold no lock that the waiter takes.
    /// </summary>
    /// <param name="w">The waiter.</param>
    /// <returns>How many of its registrations were taken out: so many calls will not come any more. A request that names
    /// the partition twice is registered twice.</returns>
    public int RemoveWaiter(IOffsetWaiter w) =>
        _durableWaiters.Remove(w) + _highWatermarkWaiters.Remove(w) + _lastStableWaiters.Remove(w);

    /// <inheritdoc/>
    public override string ToString() => $"{Topic}-{Index}";

    void ILogListener.OnAppended(PartitionLog log, long logEndOffset)
    {
    }

    void ILogListener.OnDurableEndAdvanced(PartitionLog log, long durableEndOffset) =>
        AdvanceDurableEnd(durableEndOffset);

    void ILogListener.OnFailed(PartitionLog log, Exception failure)
    {
        // Its directory has failed, which said so once for the thousands that may lie in it.
        _logger.LogDebug(failure, "{Partition}: its log directory failed, the partition is offline", this);
        Fail(ErrorCode.KafkaStorageError);
    }

    /// <summary>The controller changed the partition.</summary>
    internal void Update(PartitionImage image)
    {
        Invariant.Check(image.LeaderEpoch >= LeaderEpoch, "a leader epoch never goes back");
        if (image.LeaderEpoch > LeaderEpoch)
        {
            BeginEpoch(image.LeaderEpoch);
        }
        Volatile.Write(ref _image, image);
    }

    /// <summary>The topic is configured anew.</summary>
    internal void Update(TopicSettings settings, LogConfig config)
    {
        Volatile.Write(ref _settings, settings);
        Log.Config = config;
    }

    /// <summary>The partition ends here; those who wait are told why. The first reason stays.</summary>
    internal void Fail(ErrorCode error)
    {
        var first = Interlocked.CompareExchange(ref _failure, (short)error, (short)ErrorCode.None);
        var reason = first == (short)ErrorCode.None ? error : (ErrorCode)(short)first;
        _durableWaiters.Fail(reason);
        _highWatermarkWaiters.Fail(reason);
        _lastStableWaiters.Fail(reason);
    }

    internal bool TryReportWaiterFault(Exception exception)
    {
        _logger.LogError(exception, "{Partition}: a waiting request failed when it was woken", this);
        return true;
    }

    /// <summary>
    /// An epoch begins with its leadership, not with its first batch: clients are told the epoch at the log's end, and
    /// ask for it before anything is appended in it (KIP-320). A log that did not know it would look truncated to them.
    /// </summary>
    private void BeginEpoch(int epoch) => Log.AssignEpoch(epoch, Log.LogEndOffset);

    private void AdvanceDurableEnd(long durableEnd)
    {
        // Flushes may report out of order; the offsets move before those who wait for them are called.
        Raise(ref _highWatermark, durableEnd);
        var lastStable = Log.LastStableOffset(HighWatermark);
        Raise(ref _lastStableOffset, lastStable);
        _durableWaiters.Advance(durableEnd);
        _highWatermarkWaiters.Advance(durableEnd);
        _lastStableWaiters.Advance(lastStable);
    }

    private static void Raise(ref long offset, long reached)
    {
        var known = Volatile.Read(ref offset);
        while (reached > known)
        {
            var seen = Interlocked.CompareExchange(ref offset, reached, known);
            if (seen == known)
            {
                return;
            }
            known = seen;
        }
    }
}
