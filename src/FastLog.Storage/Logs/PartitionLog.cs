using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <summary>
/// One partition's log.
/// <para>Lifecycle: made by <see cref="LogDirectory.CreateOrOpen"/>, recovered and synced when it comes out; closed with
/// the directory or deleted through it. After either, appends and reads answer StorageError.</para>
/// <para>Concurrency: appends, cuts and moves of the log's start take the log's own lock, one after the other. Reads take
/// none: they see an array of segments and each segment's tail, both replaced as a whole. Whatever takes segments away
/// holds the shape lock around that, so that compaction can swap files without holding up appends.</para>
/// <para>Durability: records are readable at once (the caller bounds reads by its high watermark), but durable only below
/// <see cref="DurableEndOffset"/>, which the directory's flusher moves.</para>
/// </summary>
public sealed partial class PartitionLog
{
    private readonly Lock _lock = new();
    private readonly Lock _shapeLock = new();
    private readonly ILogHome _home;
    private readonly SegmentStore _store;
    private readonly LeaderEpochCache _epochs;
    private readonly ProducerStateTable _producers;
    private LogSegment[] _segments;
    private LogConfig _config;
    private ILogListener? _listener;
    private long _logStartOffset;
    private long _logEndOffset;
    private long _durableEndOffset;
    private long _syncedEndOffset;
    private readonly long _storedEndOffset;
    private bool _isClosed;

    internal PartitionLog(
        ILogHome home, TopicPartition partition, Guid topicId, SegmentStore store, LogConfig config, LoadedLog loaded)
    {
        _home = home;
        _store = store;
        _config = config;
        Partition = partition;
        TopicId = topicId;
        _segments = loaded.Segments;
        _epochs = loaded.Epochs;
        _producers = loaded.Producers;
        _logStartOffset = loaded.LogStartOffset;
        _logEndOffset = loaded.LogEndOffset;
        _durableEndOffset = loaded.LogEndOffset;
        CommitEnd(loaded.LogEndOffset);
        _storedEndOffset = loaded.IsStored ? loaded.LogEndOffset : -1;
        RecoveryScannedBytes = loaded.ScannedBytes;
        RecoveryCutBytes = loaded.CutBytes;
    }

    /// <summary>Topic and partition number.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The topic's id, as in partition.metadata.</summary>
    public Guid TopicId { get; }

    /// <summary>The directory that holds the log's files.</summary>
    public string DirectoryPath => _store.Directory;

    /// <summary>The first offset that can be read.</summary>
    public long LogStartOffset => Volatile.Read(ref _logStartOffset);

    /// <summary>The offset that the next record gets.</summary>
    public long LogEndOffset => Volatile.Read(ref _logEndOffset);

    /// <summary>All below is durable: synced when flush.messages is 1, else written.</summary>
    public long DurableEndOffset => Volatile.Read(ref _durableEndOffset);

    /// <summary>
    /// All below is synced in the segments' own files, whatever flush.messages says; where recovery starts after a crash.
    /// May lie below <see cref="DurableEndOffset"/> for a while: the commit journal vouches for what is between.
    /// </summary>
    public long RecoveryPoint => Volatile.Read(ref _syncedEndOffset);

    /// <summary>Bytes of all segments.</summary>
    public long SizeInBytes
    {
        get
        {
            long size = 0;
            foreach (LogSegment segment in Segments)
                size += segment.SizeInBytes;
            return size;
        }
    }

    /// <summary>Number of segments.</summary>
    public int SegmentCount => Segments.Length;

    /// <summary>The base offset of the segment that takes the appends.</summary>
    public long ActiveSegmentBaseOffset => Segments[^1].BaseOffset;

    /// <summary>Bytes that opening the log walked over.</summary>
    public long RecoveryScannedBytes { get; }

    /// <summary>Bytes that opening the log cut off its end.</summary>
    public long RecoveryCutBytes { get; }

    /// <summary>The topic's settings; may be replaced at any time and hold from the next operation on.</summary>
    public LogConfig Config
    {
        get => Volatile.Read(ref _config);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _config, value);
        }
    }

    /// <summary>Who hears of appends, durability and failure; one per log.</summary>
    public ILogListener? Listener
    {
        get => Volatile.Read(ref _listener);
        set => Volatile.Write(ref _listener, value);
    }

    private LogSegment[] Segments => Volatile.Read(ref _segments);

    private bool IsUsable => !Volatile.Read(ref _isClosed) && !_home.IsOffline;

    private long NowMs => _home.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The producers that the log knows, for DescribeProducers.</summary>
    public List<ActiveProducer> ActiveProducers()
    {
        List<ActiveProducer> producers = [];
        lock (_lock)
        {
            foreach (ProducerState producer in _producers.Producers)
            {
                int lastSequence = producer.Batches.Count > 0 ? producer.Batches.Newest.LastSequence : -1;
                producers.Add(new ActiveProducer(
                    producer.ProducerId,
                    producer.Epoch,
                    lastSequence,
                    producer.LastTimestampMs,
                    producer.CoordinatorEpoch,
                    producer.TransactionFirstOffset));
            }
        }
        return producers;
    }

    /// <summary>Forgets idempotent producers that wrote nothing for so many ms (producer.id.expiration.ms).</summary>
    /// <returns>How many were forgotten.</returns>
    public int ExpireProducers(long expirationMs)
    {
        lock (_lock)
            return _producers.Expire(NowMs, expirationMs);
    }

    internal void NotifyFailed(Exception failure) => Listener?.OnFailed(this, failure);

    // Runs what touches the disk under the log's locks; a failure takes the directory offline once the lock is free. What
    // needs space does so before it changes anything, so a full disk is the caller's to know and nobody's end.
    private void RunLocked(Action action)
    {
        try
        {
            lock (_shapeLock)
            {
                lock (_lock)
                {
                    if (!IsUsable)
                        throw new LogUnavailableException(Partition);
                    action();
                }
            }
        }
        catch (DiskException failure) when (!failure.IsOutOfSpace)
        {
            _home.Fail(failure);
            throw;
        }
    }

    private void WriteProducerSnapshot(long offset)
    {
        try
        {
            using IFile file = _home.Files.Open(_store.PathOf(offset, SegmentNames.Snapshot), FileOpenMode.CreateOrTruncate);
            file.Write(0, ProducerSnapshot.Encode(_producers));
        }
        catch (DiskException failure) when (failure.IsOutOfSpace)
        {
            _home.Logger.LogWarning(failure, "No space for the producer snapshot of {Partition}; a replay will do instead", Partition);
        }
    }
}
