using System.Buffers;
using FastLog.Protocol.Messages;
using FastLog.Storage;
using Microsoft.Extensions.Logging;

namespace FastLog.Raft;

/// <summary>
/// The metadata log of a quorum of one: replays what there is, becomes leader of the next epoch, and from then on
/// appends. What is appended is synced before it is applied, and applied before the append returns.
/// <para>Lifecycle: <see cref="OpenAsync"/>, then appends one at a time; the log's files belong to its log
/// directory, which closes them.</para>
/// </summary>
public sealed class MetadataLog : ILogListener, IDisposable
{
    private readonly PartitionLog _log;
    private readonly IMetadataListener _listener;
    private readonly TimeProvider _time;
    private readonly RaftState _state;
    private readonly MetadataBatchWriter _writer = new();
    private readonly Lock _lock = new();

    private long _durableEnd;
    private long _awaitedEnd;
    private TaskCompletionSource? _awaited;
    private Exception? _failure;
    private int _isAppending;

    private MetadataLog(PartitionLog log, RaftState state, IMetadataListener listener, TimeProvider time)
    {
        _log = log;
        _state = state;
        _listener = listener;
        _time = time;
        log.Listener = this;
        _durableEnd = log.DurableEndOffset;
    }

    /// <summary>Topic and partition that the log is kept as.</summary>
    public static TopicPartition Partition { get; } = new("__cluster_metadata", 0);

    /// <summary>The topic id that every cluster's metadata log has (text AAAAAAAAAAAAAAAAAAAAAQ).</summary>
    public static Guid TopicId { get; } = new("00000000-0000-0000-0000-000000000001");

    /// <summary>How the log is kept: always synced, never cut by age or size.</summary>
    public static LogConfig Config { get; } = new()
    {
        FlushMessages = 1,
        RetentionMs = -1,
        RetentionBytes = -1,
        IsDeleted = false,
        MaxMessageBytes = int.MaxValue,
    };

    /// <summary>The epoch this node leads in.</summary>
    public int Epoch => _state.Epoch;

    /// <summary>The leader: this node.</summary>
    public int LeaderId => _state.LeaderId;

    /// <summary>The voters' node ids.</summary>
    public IReadOnlyList<int> Voters => _state.Voters;

    /// <summary>Offset that the next record gets.</summary>
    public long EndOffset => _log.LogEndOffset;

    /// <summary>Records below it are committed: with one voter, those that are durable.</summary>
    public long HighWatermark
    {
        get
        {
            lock (_lock)
            {
                return _durableEnd;
            }
        }
    }

    /// <summary>Replays the log into the listener and makes this node its leader.</summary>
    /// <param name="log">The open log of <see cref="Partition"/>.</param>
    /// <param name="files">The disk the log lies on, for <c>quorum-state</c> beside it.</param>
    /// <param name="nodeId">This node, the only voter.</param>
    /// <param name="listener">Keeps the state that the records make.</param>
    /// <param name="time">Stamps the records.</param>
    /// <param name="logger">Where the election is told.</param>
    /// <exception cref="RaftException">The log or the quorum state cannot be read or written.</exception>
    public static async Task<MetadataLog> OpenAsync(
        PartitionLog log,
        IFileSystem files,
        int nodeId,
        IMetadataListener listener,
        TimeProvider time,
        ILogger<MetadataLog> logger)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(listener);
        ArgumentNullException.ThrowIfNull(time);
        var file = new QuorumStateFile(files, log.DirectoryPath);
        var snapshot = SnapshotChoice.Find(log, files, logger);
        var state = new RaftState(nodeId, [nodeId], file.Read(), Math.Max(snapshot?.Epoch ?? 0, log.LatestEpoch));
        var replay = new MetadataReplay(log, listener, snapshot);
        replay.Run();
        QuorumVoters.CheckAlone(replay.Voters, nodeId, log.DirectoryPath);
        listener.OnReplayed();
        Elect(state, file);
        var opened = new MetadataLog(log, state, listener, time);
        await opened.BeginEpochAsync(replay.EndsInTransaction).ConfigureAwait(false);
        logger.LogInformation(
            "Metadata log open: {Records} record(s) replayed, leading epoch {Epoch} from offset {Offset}",
            replay.RecordsCount,
            state.Epoch,
            opened.EndOffset);
        return opened;
    }

    /// <summary>
    /// Appends one atomic batch. Returns when it is durable and the listener has applied it. To be called by one
    /// caller at a time.
    /// </summary>
    /// <param name="records">The records, at least one.</param>
    /// <param name="cancellation">Looked at before anything is written; what was written is waited for.</param>
    /// <returns>Offset of the first record.</returns>
    /// <exception cref="RaftException">The batch could not be written or synced; it may or may not be found by the next
    /// start, and after anything but a full disk nothing more can be appended.</exception>
    public async ValueTask<long> AppendAsync(IReadOnlyList<MetadataRecord> records, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(records);
        cancellation.ThrowIfCancellationRequested();
        Invariant.Check(Interlocked.Exchange(ref _isAppending, 1) == 0, "metadata is appended by one at a time");
        try
        {
            var epoch = _state.Epoch;
            var batch = _writer.WriteRecords(records, epoch, NowMs);
            var baseOffset = await WriteAsync(batch, epoch).ConfigureAwait(false);
            _listener.OnCommitted(records, baseOffset, epoch);
            return baseOffset;
        }
        finally
        {
            Volatile.Write(ref _isAppending, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    void ILogListener.OnAppended(PartitionLog log, long logEndOffset)
    {
    }

    void ILogListener.OnDurableEndAdvanced(PartitionLog log, long durableEndOffset)
    {
        TaskCompletionSource? reached = null;
        lock (_lock)
        {
            _durableEnd = Math.Max(_durableEnd, durableEndOffset);
            if (_awaited is not null && _durableEnd >= _awaitedEnd)
            {
                reached = _awaited;
                _awaited = null;
            }
        }
        reached?.SetResult();
    }

    void ILogListener.OnFailed(PartitionLog log, Exception failure)
    {
        TaskCompletionSource? awaited;
        lock (_lock)
        {
            _failure ??= failure;
            awaited = _awaited;
            _awaited = null;
        }
        awaited?.SetException(Failed(failure));
    }

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    // Each step is on disk before the next one: a vote that a crash forgets could be given twice.
    private static void Elect(RaftState state, QuorumStateFile file)
    {
        file.Write(state.BecomeCandidate());
        state.Stored();
        var won = state.VoteGranted(state.Voters[0], state.Epoch);
        Invariant.Check(won is not null, "the only voter's vote is a majority");
        file.Write(won);
        state.Stored();
        Invariant.Check(state.Role == RaftRole.Leader, "who won leads");
    }

    private async ValueTask BeginEpochAsync(bool abortsTransaction)
    {
        var epoch = _state.Epoch;
        await WriteAsync(_writer.WriteLeaderChange(_state, NowMs), epoch).ConfigureAwait(false);
        if (abortsTransaction)
        {
            var abort = new AbortTransactionRecord { Reason = "the controller that began it is gone" };
            await AppendAsync([new MetadataRecord(abort, 0)], CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async ValueTask<long> WriteAsync(ReadOnlyMemory<byte> batch, int epoch)
    {
        var result = _log.Append(new ReadOnlySequence<byte>(batch), AppendOrigin.RaftLeader, epoch);
        if (result.Error != AppendError.None)
        {
            throw new RaftException($"{_log.DirectoryPath}: append failed with {result.Error}: {result.Message}");
        }
        await WaitForDurableAsync(result.LastOffset + 1).ConfigureAwait(false);
        return result.BaseOffset;
    }

    private Task WaitForDurableAsync(long endOffset)
    {
        lock (_lock)
        {
            if (_durableEnd >= endOffset)
            {
                return Task.CompletedTask;
            }
            if (_failure is not null)
            {
                return Task.FromException(Failed(_failure));
            }
            Invariant.Check(_awaited is null, "metadata is appended by one at a time");
            // The flusher must not be kept by what follows an append.
            _awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaitedEnd = endOffset;
            return _awaited.Task;
        }
    }

    private RaftException Failed(Exception failure) =>
        new($"{_log.DirectoryPath}: the metadata log has failed: {failure.Message}", failure);
}
