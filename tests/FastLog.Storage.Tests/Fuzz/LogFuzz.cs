namespace FastLog.Storage.Tests;

/// <summary>
/// Random operations on the logs of one directory over the simulated disk, each compared with a model. One seed, one
/// history: no thread but the test's own touches the logs.
/// </summary>
internal sealed class LogFuzz
{
    private const int LogsMax = 4;

    private readonly Random _random;
    private readonly LogStand _stand;
    private readonly FuzzedLog[] _logs;
    private readonly Queue<string> _trail = new();
    private readonly int _stepsPerCrash;
    private readonly bool _isCompacted;

    public LogFuzz(int seed)
    {
        _random = new Random(seed);
        _logs = new FuzzedLog[1 + _random.Next(LogsMax)];
        _isCompacted = _random.Next(3) == 0;
        LogConfig config = new()
        {
            IsCompacted = _isCompacted,
            SegmentBytes = 1000 + _random.Next(1 << (10 + _random.Next(6))),
            IndexIntervalBytes = _random.Next(600),
            SegmentIndexBytes = 10_000,
            FileDeleteDelayMs = 100,
        };
        // Some machines hardly ever stop: only there the journal comes round before a crash looks at it.
        _stepsPerCrash = _random.Next(3) == 0 ? 400 : 25;
        // Sometimes no journal; sometimes one so small that not every round fits.
        int journalBytes = _random.Next(5) == 0 ? 0 : 1000 + _random.Next(1 << (10 + _random.Next(5)));
        LogDirectoryOptions options = LogStand.Options with { CommitJournalBytes = journalBytes };
        _stand = new LogStand(seed: seed, config: config, logs: _logs.Length, options: options);
        for (int i = 0; i < _logs.Length; i++)
            _logs[i] = new FuzzedLog(_random, _stand, i);
    }

    public Dictionary<string, int> Counts { get; } = [];

    /// <summary>The last steps, for whoever reads a failure.</summary>
    public string Trail => string.Join(" ", _trail);

    private SimulatedFileSystem Disk => _stand.Simulation!;

    private FuzzedLog Any => _logs[_random.Next(_logs.Length)];

    public async Task Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            _stand.Clock.NowMs += _random.Next(50);
            Array.ForEach(_logs, log => log.BeginStep());
            bool stopsInside = _random.Next(2 * _stepsPerCrash) == 0;
            if (stopsInside)
                Disk.StepsToCrash = _random.Next(12);
            try
            {
                if (!stopsInside && _random.Next(_stepsPerCrash) == 0)
                    await Stop();
                else
                    Step();
                Disk.StepsToCrash = -1;
            }
            catch (SimulatedCrashException)
            {
                Count("crash inside");
                Recover(() => Disk.Crash());
            }
            Array.ForEach(_logs, log => log.EndStep());
        }
        Array.ForEach(_logs, log => log.VerifyAll());
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 40:
                Do("append", log => log.Append());
                break;
            case < 46:
                Do("replicate", log => log.AppendReplicated());
                break;
            case < 49:
                Do("duplicate", log => log.SendAgain());
                break;
            case < 65:
                Do("read", log => log.Read());
                break;
            case < 83:
                Do("flush", _stand.Flush);
                break;
            case < 84:
                Do("catch up", _stand.Directory.RunCatchUp);
                break;
            case < 86:
                Do("roll", log => log.Log.Roll());
                break;
            case < 91:
                Do("truncate", log => log.Truncate());
                break;
            case < 94:
                Do("advance start", log => log.AdvanceStart());
                break;
            case < 95:
                Do(_isCompacted ? "compact" : "retain", _isCompacted ? log => log.Compact() : log => log.Retain());
                break;
            case < 96:
                Do("checkpoint", _stand.Directory.CheckpointRecoveryPoints);
                break;
            case < 97:
                Do("remove files", RemoveFiles);
                break;
            default:
                Do("full disk", AppendToFullDisk);
                break;
        }
    }

    private async Task Stop()
    {
        switch (_random.Next(10))
        {
            case > 7:
                await Damage();
                break;
            case 0:
                Do("failing disk", FailAndRestart);
                break;
            case < 3:
                await RestartCleanly();
                break;
            case < 4:
                Do("kill", () => Recover(Disk.Kill));
                break;
            default:
                Do("power cut", () => Recover(() => Disk.Crash()));
                break;
        }
    }

    private void RemoveFiles()
    {
        _stand.Clock.NowMs += 200;
        _stand.Directory.RemoveDueFiles();
    }

    private void AppendToFullDisk()
    {
        FuzzedLog log = Any;
        Disk.CapacityBytes = Disk.UsedBytes() + _random.Next(60);
        log.AppendRefused();
        Disk.CapacityBytes = long.MaxValue;
        Assert.False(_stand.Directory.IsOffline);
        log.Append();
    }

    /// <summary>The device fails a write or a sync: the directory takes nothing more, and a restart finds what was durable.</summary>
    private void FailAndRestart()
    {
        string call = _random.Next(2) == 0 ? "pwrite" : "fdatasync";
        Disk.Fault = (step, _) => step == call ? DiskException.InputOutputError : 0;
        FuzzedLog log = Any;
        log.Append();
        _stand.Flush();
        Assert.True(_stand.Directory.IsOffline, $"offline after a failed {call}");
        Assert.Equal(AppendError.StorageError, _stand.Append().Error);
        Assert.Equal(ReadStatus.StorageError, log.Log.Read(log.Log.LogStartOffset, 100, long.MaxValue, true).Status);
        Disk.Fault = null;
        Recover(() => Disk.Crash());
    }

    private async Task RestartCleanly()
    {
        Count("restart");
        await _stand.RestartCleanly();
        Assert.True(_stand.Directory.WasCleanShutdown);
        Array.ForEach(_logs, log => log.VerifyRestart());
    }

    private async Task Damage()
    {
        FuzzedLog log = Any;
        if (log.Model.Batches.Count == 0)
            return;
        Count("damage");
        await log.Damage();
        Array.ForEach(_logs, log => log.VerifyRestart());
    }

    private void Recover(Action crash)
    {
        crash();
        Disk.Fault = null;
        Disk.CapacityBytes = long.MaxValue;
        while (!TryStart())
            Count("crash in recovery");
        Array.ForEach(_logs, log => log.VerifyRecovered());
    }

    private bool TryStart()
    {
        if (_random.Next(4) == 0)
            Disk.StepsToCrash = _random.Next(8 * _logs.Length);
        try
        {
            _stand.Start();
            Disk.StepsToCrash = -1;
            return true;
        }
        catch (SimulatedCrashException)
        {
            Disk.Crash();
            return false;
        }
    }

    private void Do(string name, Action<FuzzedLog> operation)
    {
        FuzzedLog log = Any;
        Note(log.ToString());
        Do(name, () => operation(log));
    }

    private void Do(string name, Action operation)
    {
        Count(name);
        operation();
    }

    private void Count(string name)
    {
        Counts[name] = Counts.GetValueOrDefault(name) + 1;
        Note(name);
    }

    private void Note(string text)
    {
        _trail.Enqueue(text);
        if (_trail.Count > 60)
            _trail.Dequeue();
    }
}
