using FastLog.Protocol;
using FastLog.Records;
using Microsoft.Extensions.Logging;

namespace FastLog.Coordination;

/// <summary>
/// Runs one shard on its log: gives it turns one at a time, appends and replays what they want written, and gives their
/// answers once they are durable. May be called by any thread.
/// </summary>
public sealed class ShardRunner : IDisposable
{
    // As long as Kafka waits before it tries again what a timer could not do.
    private const int RefusedDeadlineDelayMs = 500;

    private readonly Lock _turns = new();
    private readonly GroupShard _shard;
    private readonly ICoordinatorLog _log;
    private readonly ShardRunnerOptions _options;
    private readonly CoordinatorBatchWriter _writer;
    private readonly ITimer _timer;
    private volatile ErrorCode _refusal = ErrorCode.CoordinatorLoadInProgress;
    private long _endOffset;
    private long? _timerAtMs;
    private List<Action> _whenLoaded = [];

    /// <summary>A runner that refuses everything with COORDINATOR_LOAD_IN_PROGRESS until <see cref="Load"/> is done.</summary>
    /// <param name="shard">An empty shard.</param>
    /// <param name="log">Its log.</param>
    /// <param name="options">What all runners share.</param>
    public ShardRunner(GroupShard shard, ICoordinatorLog log, ShardRunnerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _shard = shard;
        _log = log;
        _options = options;
        _writer = new CoordinatorBatchWriter(options.Compression);
        _timer = options.Time.CreateTimer(_ => RunDeadlines(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The log.</summary>
    public ICoordinatorLog Log => _log;

    /// <summary>Whether requests are taken.</summary>
    public bool IsActive => _refusal == ErrorCode.None;

    /// <summary>
    /// Reads the whole log into the shard and takes requests from then on. A log that cannot be read, or says what nobody
    /// understands, is refused: better no group than one that begins anew.
    /// </summary>
    /// <param name="cancellation">Gives up; the shard takes no requests then.</param>
    public void Load(CancellationToken cancellation)
    {
        try
        {
            var started = _options.Time.GetTimestamp();
            var records = ShardLoad.Run(_log, _shard, cancellation);
            lock (_turns)
            {
                if (_refusal != ErrorCode.CoordinatorLoadInProgress)
                {
                    return;
                }

                _refusal = ErrorCode.None;
                _endOffset = _log.EndOffset;
                foreach (var id in _shard.AllIds())
                {
                    RunTurn(NewTurn(), (shard, turn) => shard.OnLoaded(turn, id)).Go();
                }

                // Before anybody is answered: what was committed to a topic that is gone is not for one of the same name.
                _whenLoaded.ForEach(static run => run());
                _whenLoaded = [];
            }

            _options.Logger.LogDebug(
                "{Log}: loaded {Groups} group(s) and {Offsets} offset(s) from {Records} record(s) in {Ms} ms",
                _log,
                _shard.Groups.All.Count,
                _shard.Offsets.Count,
                records,
                (long)_options.Time.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (Exception e) when (e is IOException or RecordFormatException or ProtocolException)
        {
            _options.Logger.LogError(e, "{Log}: its groups cannot be loaded and are not served", _log);
            Unload(ErrorCode.NotCoordinator);
        }
    }

    /// <summary>One turn for one request.</summary>
    /// <param name="decide">What to do with the shard; answers through the turn, now or in a later one.</param>
    /// <param name="refuse">Called instead with COORDINATOR_LOAD_IN_PROGRESS, NOT_COORDINATOR or, after a bug,
    /// UNKNOWN_SERVER_ERROR.</param>
    public void Run(Action<GroupShard, Turn> decide, Action<ErrorCode> refuse)
    {
        ArgumentNullException.ThrowIfNull(decide);
        ArgumentNullException.ThrowIfNull(refuse);
        var error = _refusal;
        if (error == ErrorCode.None)
        {
            Ready ready = default;
            lock (_turns)
            {
                error = _refusal;
                if (error == ErrorCode.None)
                {
                    error = TryRunTurn(decide, out ready);
                }
            }

            ready.Go();
        }

        if (error != ErrorCode.None)
        {
            refuse(error);
        }
    }

    /// <summary>
    /// Turns of the coordinator's own, for every group there is, until they write nothing more. A shard that is still being
    /// loaded has them then.
    /// </summary>
    /// <param name="decide">What to do with a group.</param>
    public void RunForAll(Action<GroupShard, Turn, string> decide)
    {
        IReadOnlyList<string> ids;
        lock (_turns)
        {
            if (_refusal == ErrorCode.CoordinatorLoadInProgress)
            {
                _whenLoaded.Add(() => RunForAll(decide));
                return;
            }

            ids = IsActive ? _shard.AllIds() : [];
        }

        foreach (var id in ids)
        {
            while (RunForOne(decide, id))
            {
            }
        }
    }

    /// <summary>Looks at the shard between two turns.</summary>
    /// <param name="look">Must not change anything; not called when the shard takes no requests.</param>
    public void Look(Action<GroupShard> look)
    {
        ArgumentNullException.ThrowIfNull(look);
        lock (_turns)
        {
            if (IsActive)
            {
                look(_shard);
            }
        }
    }

    /// <summary>Takes no requests any more, and answers those that wait.</summary>
    /// <param name="error">What to answer.</param>
    public void Unload(ErrorCode error)
    {
        Ready ready = default;
        lock (_turns)
        {
            var wasActive = IsActive;
            _refusal = error;
            if (wasActive)
            {
                var turn = NewTurn();
                _shard.OnUnloaded(turn, error);
                ready = new Ready(new TurnAnswers(turn.Answers), ErrorCode.None);
            }
        }

        ready.Go();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Unload(ErrorCode.NotCoordinator);
        _timer.Dispose();
        lock (_turns)
        {
            _writer.Dispose();
        }
    }

    private bool RunForOne(Action<GroupShard, Turn, string> decide, string id)
    {
        var hasWritten = false;
        Ready ready = default;
        lock (_turns)
        {
            if (IsActive)
            {
                var end = _endOffset;
                TryRunTurn((shard, turn) => decide(shard, turn, id), out ready);
                hasWritten = _endOffset > end;
            }
        }

        ready.Go();
        return hasWritten;
    }

    private void RunDeadlines()
    {
        var goesOn = true;
        while (goesOn)
        {
            Ready ready = default;
            lock (_turns)
            {
                _timerAtMs = null;
                goesOn = false;
                if (IsActive)
                {
                    TryRunTurn((shard, turn) => goesOn = shard.RunDeadline(turn), out ready);
                }
            }

            ready.Go();
        }
    }

    private Turn NewTurn() => new(_options.Clock.NowMs, _options.Topics());

    private ErrorCode TryRunTurn(Action<GroupShard, Turn> decide, out Ready ready)
    {
        var turn = NewTurn();
#pragma warning disable CA1031 // A bug that one group meets must not end the process or the other groups' coordinator.
        try
        {
            ready = RunTurn(turn, decide);
            return ErrorCode.None;
        }
        catch (Exception e)
        {
            _options.Logger.LogError(e, "{Log}: a turn failed", _log);
            // Whom the turn was about to answer waits nowhere else any more.
            ready = new Ready(new TurnAnswers(turn.Answers), ErrorCode.UnknownServerError);
            return ErrorCode.UnknownServerError;
        }
#pragma warning restore CA1031
    }

    private Ready RunTurn(Turn turn, Action<GroupShard, Turn> decide)
    {
        try
        {
            decide(_shard, turn);
            return Complete(turn);
        }
        finally
        {
            // Even when a bug ended the turn: the deadlines of other groups must not wait for somebody to ask.
            SetTimer(turn.NowMs);
        }
    }

    private Ready Complete(Turn turn)
    {
        if (turn.Records.Count > 0)
        {
            var error = Append(turn, out var endOffset);
            if (error != ErrorCode.None)
            {
                return Refuse(turn, GroupErrors.OfLog(error));
            }

            _endOffset = endOffset;
            Apply(turn);
        }

        return AnswersOf(turn);
    }

    private void Apply(Turn turn)
    {
        try
        {
            for (var i = 0; i < turn.Records.Count; i++)
            {
                var record = turn.Records[i];
                if (!record.IsApplied)
                {
                    _shard.Replay(record);
                }
            }

            turn.CompleteAppend();
        }
        catch
        {
            // The log says what the state does not, so nobody is served from this state any more; a start reads it anew.
            _refusal = ErrorCode.NotCoordinator;
            throw;
        }
    }

    /// <returns>The log's error, or UNKNOWN_SERVER_ERROR for records that no log can take.</returns>
    private ErrorCode Append(Turn turn, out long endOffset)
    {
        ReadOnlyMemory<byte> batch;
        try
        {
            batch = _writer.Write(turn.Records, turn.NowMs);
        }
        catch (ProtocolException e)
        {
            // What a client sent can be read, but not written: a text that was not UTF-8 has grown too long, for example.
            _options.Logger.LogWarning(e, "{Log}: what a turn decided cannot be stored", _log);
            endOffset = _endOffset;
            return ErrorCode.UnknownServerError;
        }

        return _log.Append(batch, out endOffset);
    }

    private Ready AnswersOf(Turn turn)
    {
        if (turn.Answers.Count == 0)
        {
            return default;
        }

        var answers = new TurnAnswers(turn.Answers);
        return _log.TryWaitUntilDurable(answers, _endOffset) ? default : new Ready(answers, ErrorCode.None);
    }

    private Ready Refuse(Turn turn, ErrorCode error)
    {
        // A member whose session has ended must go even if its tombstones cannot be written now.
        turn.Due?.Repeat(turn.NowMs + RefusedDeadlineDelayMs);
        if (turn.Refusal is { } refusal)
        {
            var next = new Turn(turn.NowMs, turn.Topics);
            refusal(next, GroupErrors.WithoutCommit(error));
            // Refused again, as a rule, if it writes; what it does by hand happens all the same.
            Complete(next).Go();
        }

        return turn.AreAnswersKept ? AnswersOf(turn) : new Ready(new TurnAnswers(turn.Answers), error);
    }

    private void SetTimer(long nowMs)
    {
        if (_shard.NextDeadlineMs is { } nextMs && (_timerAtMs is not { } timerAtMs || nextMs < timerAtMs))
        {
            _timerAtMs = nextMs;
            _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(nextMs - nowMs, 0, int.MaxValue)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Answers that are to be given outside of the lock.</summary>
    private readonly record struct Ready(TurnAnswers? Answers, ErrorCode Error)
    {
        public void Go()
        {
            if (Error == ErrorCode.None)
            {
                Answers?.OnDurable();
            }
            else
            {
                Answers?.Fail(Error);
            }
        }
    }
}

/// <summary>What all shards of a coordinator share.</summary>
/// <param name="Topics">Gives the topics as they are now.</param>
/// <param name="Compression"><c>offsets.topic.compression.codec</c>.</param>
/// <param name="Clock">The time of turns.</param>
/// <param name="Time">Makes timers.</param>
/// <param name="Logger">Where to log.</param>
public sealed record ShardRunnerOptions(
    Func<IGroupTopics> Topics, CompressionType Compression, SteadyClock Clock, TimeProvider Time, ILogger Logger);
