using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>A shard on its log, which crashes and comes back with what the crash left of the log.</summary>
internal sealed class SimulatedCoordinator(SimulatedWorld world, GroupCoordinatorOptions options)
{
    /// <summary>Longer than any request may wait in a coordinator that lives.</summary>
    private const long AnswerTimeMsMax = 90_000;

    private readonly HashSet<Open> _open = [];
    private SimulatedLog _log = new();
    private ShardRunner? _runner;
    private bool _crashesAfterAppend;

    /// <summary>The shard; null while there is none, or it is not loaded.</summary>
    public GroupShard? Shard { get; private set; }

    public bool IsUp => _runner is not null;

    /// <summary>Called with a shard that was just loaded.</summary>
    public Action<GroupShard> OnLoaded { get; set; } = static _ => { };

    public void Start()
    {
        var shard = new GroupShard(options, world.NewId);
        _log.NextRefusal = () => !world.Happens(0.01) ? ErrorCode.None
            : world.Random.Next(2) == 0 ? ErrorCode.KafkaStorageError : ErrorCode.MessageTooLarge;
        _log.OnAppended = CrashIfAsked(FlushSoon(_log));
        var runner = new ShardRunner(
            shard,
            _log,
            new ShardRunnerOptions(
                () => world.Topics, CompressionType.None, new SteadyClock(world.Time), world.Time, world));
        _runner = runner;
        world.Time.After(world.Random.Next(1_500), () =>
        {
            if (_runner != runner)
            {
                return;
            }

            world.Note($"coordinator loads {_log.BatchesCount} batches");
            runner.Load(CancellationToken.None);
            SimulationFailure.Unless(runner.IsActive, () => "the log cannot be loaded");
            Shard = shard;
            OnLoaded(shard);
        });
        FlushSoon(_log)();
    }

    /// <summary>
    /// The process is killed just after it next appends, most often before that is durable: whatever it answers too early
    /// is on its way by then.
    /// </summary>
    public void CrashAfterAppend() => _crashesAfterAppend = true;

    /// <summary>The process is killed: answers on their way are lost, and what was not durable perhaps.</summary>
    public void Crash()
    {
        world.Note("coordinator crashes");
        _log.Abandon();
        _open.Clear();
        // Its timers must not run on: a process that is gone does nothing. Whoever waits in it is not told.
        IsDead = true;
        Stop();
        IsDead = false;
        GoOnWithWhatIsLeft();
    }

    /// <summary>The partition fails under a coordinator that lives, and comes back as another log.</summary>
    public void FailPartition()
    {
        world.Note("partition fails");
        _log.Fail();
        Stop();
        SimulationFailure.Unless(
            _open.Count == 0, () => $"an unloaded shard leaves unanswered: {string.Join(", ", _open.Select(open => open.What))}");
        GoOnWithWhatIsLeft();
    }

    /// <summary>A request arrives; the reply is called once, or never when the process is killed meanwhile.</summary>
    public void Receive<TResponse>(
        string what,
        Action<GroupShard, Turn, Action<TResponse>> decide,
        Func<ErrorCode, TResponse> refuse,
        Action<TResponse> reply)
    {
        var open = new Open(what, world.Time.NowMs);
        _open.Add(open);
        void Answer(TResponse response)
        {
            if (IsDead)
            {
                return;
            }

            SimulationFailure.Unless(_open.Remove(open), () => $"{what} is answered twice, or by a process that is gone");
            reply(response);
        }

        _runner!.Run((shard, turn) => decide(shard, turn, Answer), error => Answer(refuse(error)));
    }

    public void CheckThatNobodyWaitsTooLong()
    {
        foreach (var open in _open)
        {
            SimulationFailure.Unless(
                world.Time.NowMs - open.SinceMs < AnswerTimeMsMax, () => $"{open.What} waits since {open.SinceMs - SimulatedTime.StartMs}");
        }
    }

    private bool IsDead { get; set; }

    private void Stop()
    {
        _runner?.Dispose();
        _runner = null;
        Shard = null;
    }

    private void GoOnWithWhatIsLeft()
    {
        var before = _log.EndOffset;
        _log = _log.AfterCrash(world.Random);
        world.Note($"log: {before} records, of which {_log.EndOffset} are left");
        if (world.Random.Next(3) == 0)
        {
            _log.Flush();
            _log = _log.Compacted(world.Random);
        }

        world.Time.After(world.Random.Next(10, 4_000), Start);
    }

    private Action CrashIfAsked(Action flushSoon) => () =>
    {
        flushSoon();
        if (_crashesAfterAppend)
        {
            _crashesAfterAppend = false;
            var runner = _runner;
            world.Time.After(1, () =>
            {
                if (_runner == runner && runner is not null)
                {
                    Crash();
                }
            });
        }
    };

    private Action FlushSoon(SimulatedLog log)
    {
        var isDue = false;
        return () =>
        {
            if (!isDue)
            {
                isDue = true;
                world.Time.After(world.Happens(0.02) ? world.Random.Next(1_000) : world.Random.Next(1, 8), () =>
                {
                    isDue = false;
                    log.Flush();
                });
            }
        };
    }

    private sealed class Open(string what, long sinceMs)
    {
        public string What => what;

        public long SinceMs => sinceMs;
    }
}
