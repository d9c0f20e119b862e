using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <summary>
/// One directory of log.dirs: its lock, its identity, its checkpoints, its logs and the one thread that syncs for them.
/// <para>Lifecycle: <see cref="Open"/>, then logs by <see cref="CreateOrOpen"/>, then DisposeAsync, which writes the
/// clean-shutdown marker if all went well. A failed write or sync takes the whole directory offline, for good.</para>
/// <para>Concurrency: all members may be called from any thread. Logs are opened side by side: each partition has a lock
/// (of a few that all share), under which it is opened, deleted or set aside. Checkpoints that a deletion must not cross
/// are written under one lock of the directory, taken after it.</para>
/// </summary>
public sealed partial class LogDirectory : IAsyncDisposable, ILogHome
{
    private const string LockName = ".lock";
    private const int PartitionLocksCount = 64;

    private readonly IFileSystem _files;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LogDirectoryOptions _options;
    private long _producerIdExpirationMs;
    private readonly IDisposable _directoryLock;
    private readonly CommitJournal? _journal;
    private readonly SegmentCatchUp _catchUp;
    private readonly GroupCommitFlusher _flusher;
    private readonly DelayedRemoval _removal;
    private readonly OpenSegmentFiles _openFiles;
    private readonly OffsetCheckpoints _recoveryPoints;
    private readonly OffsetCheckpoints _logStarts;
    private readonly OffsetCheckpoints _highWatermarks;
    private readonly OffsetCheckpoints _cleanedOffsets;
    private readonly CleanShutdownFile _cleanShutdown;
    private readonly ConcurrentDictionary<TopicPartition, PartitionLog> _logs = new();
    private readonly ConcurrentDictionary<TopicPartition, Guid?> _unopened = new();
    private readonly Lock[] _partitionLocks = [.. Enumerable.Range(0, PartitionLocksCount).Select(_ => new Lock())];
    private readonly Lock _changeLock = new();
    private readonly Lock _rootLock = new();
    private Exception? _failure;
    private bool _rootIsDirty;
    private bool _isDisposed;
    private long _deletedSegmentsCount;

    private LogDirectory(
        string path,
        LogDirectoryOptions options,
        IFileSystem files,
        TimeProvider time,
        ILogger logger,
        IDisposable directoryLock,
        bool startsThreads)
    {
        DirectoryPath = path;
        _options = options;
        _producerIdExpirationMs = options.ProducerIdExpirationMs;
        _openFiles = new OpenSegmentFiles(
            options.OpenFilesMax > 0 ? options.OpenFilesMax : OpenFilesLimit.ForSegments(), CatchUpSoon, FailAnywhere);
        _files = files = new RoomMakingFileSystem(files, _openFiles.MakeRoom);
        _time = time;
        _logger = logger;
        _directoryLock = directoryLock;
        _journal = options.CommitJournalBytes > 0 ? new CommitJournal(files, path, options.CommitJournalBytes / 2) : null;
        _catchUp = new SegmentCatchUp(path, SyncFiles, FreeHalf, Fail) { StartsThread = startsThreads };
        if (_journal is not null)
            _journal.OnHalfFull = _catchUp.Enqueue;
        _flusher = new GroupCommitFlusher(path, _journal, SyncRootIfDirty, Fail);
        _removal = new DelayedRemoval(files, time, logger);
        _recoveryPoints = new OffsetCheckpoints(files, path, OffsetCheckpointFile.RecoveryPoint);
        _logStarts = new OffsetCheckpoints(files, path, OffsetCheckpointFile.LogStart);
        _highWatermarks = new OffsetCheckpoints(files, path, OffsetCheckpointFile.HighWatermark);
        _cleanedOffsets = new OffsetCheckpoints(files, path, OffsetCheckpointFile.Cleaner);
        _cleanShutdown = new CleanShutdownFile(files, path);
    }

    /// <summary>Raised once, on the thread that met the failure, after all logs' listeners were told.</summary>
    public event Action<Exception>? OnOffline;

    /// <summary>The directory.</summary>
    public string DirectoryPath { get; }

    /// <summary>directory.id of meta.properties.</summary>
    public Guid DirectoryId { get; private set; }

    /// <summary>Whether the last stop left the clean-shutdown marker: then opening logs reads no records.</summary>
    public bool WasCleanShutdown { get; private set; }

    /// <summary>The broker epoch that the last clean stop noted, -1 when it did not.</summary>
    public long PreviousBrokerEpoch { get; private set; } = -1;

    /// <summary>The broker epoch to note at a clean stop.</summary>
    public long BrokerEpoch { get; set; } = -1;

    /// <summary>
    /// Ms after which an idle producer is forgotten when a log is opened; at first <see cref="LogDirectoryOptions.ProducerIdExpirationMs"/>.
    /// </summary>
    public long ProducerIdExpirationMs
    {
        get => Volatile.Read(ref _producerIdExpirationMs);
        set => Volatile.Write(ref _producerIdExpirationMs, value);
    }

    /// <summary>Whether a failure has taken the directory out of service.</summary>
    public bool IsOffline => Volatile.Read(ref _failure) is not null;

    /// <summary>The failure that took the directory out of service; null when none did.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>The open logs.</summary>
    public ICollection<PartitionLog> Logs => _logs.Values;

    /// <summary>Group commits and logs synced in them since the directory was opened.</summary>
    public (long RoundsCount, long FlushesCount) FlushCounts => (_flusher.RoundsCount, _flusher.FlushesCount);

    /// <summary>The flusher, for metrics.</summary>
    internal GroupCommitFlusher Flusher => _flusher;

    /// <summary>The clock, for metrics.</summary>
    internal TimeProvider Time => _time;

    /// <summary>Segments that retention has let go since the directory was opened.</summary>
    public long DeletedSegmentsCount => Volatile.Read(ref _deletedSegmentsCount);

    /// <summary>Open files of segments; see <see cref="LogDirectoryOptions.OpenFilesMax"/>.</summary>
    public int OpenFilesCount => _openFiles.Count;

    IFileSystem ILogHome.Files => _files;

    OpenSegmentFiles ILogHome.OpenFiles => _openFiles;

    TimeProvider ILogHome.Time => _time;

    ILogger ILogHome.Logger => _logger;

    long ILogHome.ProducerIdExpirationMs => ProducerIdExpirationMs;

    /// <summary>Takes the directory: lock, identity, checkpoints; made when missing. Logs are not opened yet.</summary>
    /// <exception cref="LogDirectoryException">In use by another process, or of another node or cluster.</exception>
    /// <exception cref="CheckpointFormatException">A file in it is damaged.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static LogDirectory Open(
        string path, LogDirectoryOptions options, IFileSystem files, TimeProvider time, ILogger logger) =>
        OpenWith(path, options, files, time, logger, startsFlusher: true);

    /// <summary>Without a flusher's thread nothing becomes durable until <see cref="RunFlusher"/>: one seed, one order.</summary>
    internal static LogDirectory OpenWith(
        string path, LogDirectoryOptions options, IFileSystem files, TimeProvider time, ILogger logger, bool startsFlusher)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        if (!files.DirectoryExists(path))
        {
            files.CreateDirectory(path);
            files.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path)) ?? path);
        }
        IDisposable directoryLock = files.TryLock(Path.Combine(path, LockName))
            ?? throw new LogDirectoryException(path, "another process holds the lock");
        LogDirectory? directory = null;
        try
        {
            directory = new LogDirectory(path, options, files, time, logger, directoryLock, startsFlusher);
            directory.Load();
            if (startsFlusher)
                directory._flusher.Start();
            return directory;
        }
        catch
        {
            directory?._removal.Dispose();
            directory?._journal?.Dispose();
            directoryLock.Dispose();
            throw;
        }
    }

    internal void RunFlusher() => _flusher.RunWaiting();

    internal void StopFlusher()
    {
        _flusher.Stop();
        _catchUp.Stop();
    }

    /// <summary>Where the commit journal goes on.</summary>
    internal long JournalPosition => _journal?.Position ?? 0;

    internal void RunCatchUp() => _catchUp.RunWaiting();

    private void Load()
    {
        Identify();
        RemoveLeftovers();
        foreach (string name in _files.ListDirectories(DirectoryPath))
        {
            if (TopicPartition.TryParse(name, out TopicPartition partition))
                _unopened[partition] = null;
        }
        _recoveryPoints.Load(_unopened.ContainsKey);
        _logStarts.Load(_unopened.ContainsKey);
        _highWatermarks.Load(_unopened.ContainsKey);
        _cleanedOffsets.Load(_unopened.ContainsKey);
        WasCleanShutdown = _cleanShutdown.Exists;
        if (WasCleanShutdown)
        {
            PreviousBrokerEpoch = _cleanShutdown.ReadBrokerEpoch();
            // Gone before anything is changed: from here on only an orderly stop is a clean one.
            _cleanShutdown.Delete();
        }
        else
        {
            // The process before may have been stopped before it synced the name of a log that is found here now, and what is
            // found counts as durable.
            _files.SyncDirectory(DirectoryPath);
            // Also when this directory keeps no journal any more: the one before it may have.
            new JournalReplay(_files, DirectoryPath, _logger).Run();
        }
        _journal?.Open();
    }

    private void Identify()
    {
        MetaProperties? found = MetaProperties.Read(_files, DirectoryPath);
        if (found is not null && (found.ClusterId != _options.ClusterId || found.NodeId != _options.NodeId))
        {
            throw new LogDirectoryException(
                DirectoryPath,
                $"belongs to node {found.NodeId} of cluster {found.ClusterId}, not to node {_options.NodeId} of cluster {_options.ClusterId}");
        }
        if (found is null || found.DirectoryId == Guid.Empty)
        {
            found = new MetaProperties(_options.ClusterId, _options.NodeId, _options.NewDirectoryId ?? Guid.NewGuid());
            found.Write(_files, DirectoryPath);
        }
        DirectoryId = found.DirectoryId;
    }

    private void RemoveLeftovers()
    {
        foreach (string name in _files.ListDirectories(DirectoryPath))
        {
            if (DeletedDirectoryName.Matches(name))
                _files.DeleteDirectory(Path.Combine(DirectoryPath, name));
        }
        foreach (string name in _files.ListFiles(DirectoryPath))
        {
            if (name.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal))
                _files.DeleteFile(Path.Combine(DirectoryPath, name));
        }
    }

    private void SyncRootIfDirty()
    {
        // Whoever comes second waits: it may only go on once the names are synced.
        lock (_rootLock)
        {
            if (!_rootIsDirty)
                return;
            _rootIsDirty = false;
            _files.SyncDirectory(DirectoryPath);
        }
    }
}
