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

    public LogFuzz(int seed)
    {
        _random = new Random(seed);
        _logs = new FuzzedLog[1 + _random.Next(LogsMax)];
        LogConfig config = new()
        {
            SegmentBytes = 1000 + _random.Next(4000),
            IndexIntervalBytes = _random.Next(600),
            SegmentIndexBytes = 10_000,
            FileDeleteDelayMs = 100,
        };
        // Sometimes no journal; sometimes one so small that not every round fits.
        int journalBytes = _random.Next(5) == 0 ? 0 : 2000 + _random.Next(20_000);
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
            bool stopsInside = _random.Next(60) == 0;
            if (stopsInside)
                Disk.StepsToCrash = _random.Next(12);
            try
            {
                await Step();
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

    private async Task Step()
    {
        switch (_random.Next(200))
        {
            case < 80:
                Do("append", log => log.Append());
                break;
            case < 96:
                Do("replicate", log => log.AppendReplicated());
                break;
            case < 102:
                Do("duplicate", log => log.SendAgain());
                break;
            case < 130:
                Do("read", log => log.Read());
                break;
            case < 160:
                Do("flush", _stand.Flush);
                break;
            case < 164:
                Do("catch up", _stand.Directory.RunCatchUp);
                break;
            case < 172:
                Do("roll", log => log.Log.Roll());
                break;
            case < 178:
                Do("truncate", log => log.Truncate());
                break;
            case < 184:
                Do("advance start", log => log.AdvanceStart());
                break;
            case < 187:
                Do("checkpoint", _stand.Directory.CheckpointRecoveryPoints);
                break;
            case < 189:
                Do("remove files", RemoveFiles);
                break;
            case < 191:
                Do("full disk", AppendToFullDisk);
                break;
            case < 193:
                Do("failing disk", FailAndRestart);
                break;
            case < 195:
                await RestartCleanly();
                break;
            case < 197:
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
