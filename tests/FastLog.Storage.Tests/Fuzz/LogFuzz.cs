using FastLog.Records;

namespace FastLog.Storage.Tests;

/// <summary>
/// Random operations on a log over the simulated disk, each compared with the model. One seed, one history: no thread
/// but the test's own touches the log.
/// </summary>
internal sealed class LogFuzz
{
    private readonly Random _random;
    private readonly LogStand _stand;
    private readonly long[] _producers = [0, 1, 2, 3];
    private LogModel _model = new();
    private LogModel? _modelBefore;
    private int _leaderEpoch;
    private int _text;
    private long _nextProducer = 4;
    private readonly Queue<string> _trail = new();

    public LogFuzz(int seed)
    {
        _random = new Random(seed);
        _stand = new LogStand(seed: seed, config: new LogConfig
        {
            SegmentBytes = 1000 + _random.Next(4000),
            IndexIntervalBytes = _random.Next(600),
            SegmentIndexBytes = 10_000,
            FileDeleteDelayMs = 100,
        });
    }

    public Dictionary<string, int> Counts { get; } = [];

    /// <summary>The last steps, for whoever reads a failure.</summary>
    public string Trail => string.Join(" ", _trail);

    public async Task Run(int operations)
    {
        for (int i = 0; i < operations; i++)
        {
            _stand.Clock.NowMs += _random.Next(50);
            _modelBefore = _model.Copy();
            Note($"[{_model.StartOffset}..{_model.EndOffset} durable {_model.DurableEndOffset}]");
            bool stopsInside = _random.Next(60) == 0;
            if (stopsInside)
                _stand.Simulation!.StepsToCrash = _random.Next(12);
            try
            {
                await Step();
                _stand.Simulation!.StepsToCrash = -1;
            }
            catch (SimulatedCrashException)
            {
                Count("crash inside");
                Recover(() => _stand.Simulation!.Crash(), _modelBefore, _model);
            }
            _model.DurableEndOffset = Math.Max(_model.DurableEndOffset, Math.Min(_stand.Log.DurableEndOffset, _model.EndOffset));
            CheckEnds();
        }
        VerifyAll();
    }

    private async Task Step()
    {
        switch (_random.Next(100))
        {
            case < 40:
                Append();
                break;
            case < 48:
                AppendReplicated();
                break;
            case < 51:
                SendAgain();
                break;
            case < 65:
                Read();
                break;
            case < 80:
                Named("flush", _stand.Flush);
                break;
            case < 84:
                Named("roll", _stand.Log.Roll);
                break;
            case < 88:
                Truncate();
                break;
            case < 91:
                AdvanceStart();
                break;
            case < 93:
                Named("checkpoint", _stand.Directory.CheckpointRecoveryPoints);
                break;
            case < 94:
                Named("remove files", () =>
                {
                    _stand.Clock.NowMs += 200;
                    _stand.Directory.RemoveDueFiles();
                });
                break;
            case < 96:
                await RestartCleanly();
                break;
            case < 97:
                Named("kill", () => Recover(_stand.Simulation!.Kill, _model, _model));
                break;
            case < 98:
                Named("full disk", AppendToFullDisk);
                break;
            default:
                Named("power cut", () => Recover(() => _stand.Simulation!.Crash(), _model, _model));
                break;
        }
    }

    private void Append()
    {
        Count("append");
        if (_random.Next(20) == 0)
            _leaderEpoch++;
        byte[] batch = NextBatch();
        // Announced to the model first: a crash on the way may leave the batch in the log.
        long baseOffset = _model.EndOffset;
        long lastOffset = baseOffset + CountOf(batch) - 1;
        _model.Append(baseOffset, lastOffset, TestBatches.Stored(batch, baseOffset, _leaderEpoch));
        AppendResult result = _stand.Append(batch, leaderEpoch: _leaderEpoch);
        Assert.Equal((AppendError.None, false, baseOffset, lastOffset), (result.Error, result.IsDuplicate, result.BaseOffset, result.LastOffset));
    }

    private byte[] NextBatch()
    {
        long producerId = -1;
        int sequence = -1;
        if (_random.Next(3) == 0)
            (producerId, sequence) = NextSequence(_random.Next(_producers.Length));
        return TestBatches.Make(
            1 + _random.Next(5),
            $"{_text++}:" + new string('x', _random.Next(120)),
            timestampMs: _stand.Clock.NowMs - _random.Next(1000),
            producerId: producerId,
            producerEpoch: (short)(producerId >= 0 ? 0 : -1),
            baseSequence: sequence,
            compression: _random.Next(5) == 0 ? CompressionType.Gzip : CompressionType.None);
    }

    /// <summary>A producer whose last batch was cut or deleted starts anew under another id.</summary>
    private (long ProducerId, int Sequence) NextSequence(int slot)
    {
        if (FindLast(_producers[slot], out RecordBatchHeader last) is not null)
            return (last.ProducerId, last.LastSequence + 1);
        _producers[slot] = _nextProducer++;
        return (_producers[slot], 0);
    }

    private LogModel.Batch? FindLast(long producerId, out RecordBatchHeader header)
    {
        header = default;
        for (int i = _model.Batches.Count - 1; i >= 0; i--)
        {
            RecordBatchHeader.TryRead(_model.Batches[i].Bytes, out header);
            if (header.ProducerId == producerId)
                return _model.Batches[i];
        }
        return null;
    }

    private void SendAgain()
    {
        if (FindLast(_producers[_random.Next(_producers.Length)], out RecordBatchHeader header) is not { } last)
            return;
        Count("duplicate");
        AppendResult again = _stand.Append(TestBatches.Stored(last.Bytes, 0, -1), leaderEpoch: _leaderEpoch);
        Assert.Equal((AppendError.None, true, last.BaseOffset), (again.Error, again.IsDuplicate, again.BaseOffset));
        byte[] gap = TestBatches.Make(2, producerId: header.ProducerId, producerEpoch: 0, baseSequence: header.LastSequence + 2);
        Assert.Equal(AppendError.OutOfOrderSequenceNumber, _stand.Append(gap, leaderEpoch: _leaderEpoch).Error);
    }

    private void AppendReplicated()
    {
        Count("replicate");
        List<byte> records = [];
        List<LogModel.Batch> batches = [];
        long next = _model.EndOffset;
        for (int i = _random.Next(4); i >= 0; i--)
        {
            // Compaction on the leader leaves gaps.
            next += _random.Next(4) == 0 ? _random.Next(20) : 0;
            byte[] batch = TestBatches.Make(1 + _random.Next(3), $"{_text++}", _stand.Clock.NowMs, baseOffset: next, leaderEpoch: _leaderEpoch);
            records.AddRange(batch);
            batches.Add(new LogModel.Batch(next, next + CountOf(batch) - 1, batch));
            next += CountOf(batch);
        }
        foreach (LogModel.Batch batch in batches)
            _model.Append(batch.BaseOffset, batch.LastOffset, batch.Bytes);
        AppendResult result = _stand.Append([.. records], AppendOrigin.Replication);
        Assert.Equal((AppendError.None, batches[0].BaseOffset, next - 1), (result.Error, result.BaseOffset, result.LastOffset));
    }

    private void AppendToFullDisk()
    {
        SimulatedFileSystem disk = _stand.Simulation!;
        disk.CapacityBytes = disk.UsedBytes() + _random.Next(60);
        AppendResult result = _stand.Append(TestBatches.Make(3, new string('y', 100)));
        Assert.Equal(AppendError.NoSpace, result.Error);
        disk.CapacityBytes = long.MaxValue;
        Assert.False(_stand.Directory.IsOffline);
        Append();
    }

    private void Read()
    {
        Count("read");
        long offset = _random.NextInt64(Math.Max(0, _model.StartOffset - 3), _model.EndOffset + 3);
        long upperBound = _random.NextInt64(offset, _model.EndOffset + 20);
        int maxBytes = _random.Next(3) == 0 ? _random.Next(4000) : _random.Next(300);
        bool atLeastOne = _random.Next(2) == 0;
        ReadResult read = _stand.Log.Read(offset, maxBytes, upperBound, atLeastOne);
        if (offset < _model.StartOffset || offset > _model.EndOffset)
        {
            Assert.Equal(ReadStatus.OutOfRange, read.Status);
            return;
        }
        Assert.Equal(ReadStatus.Ok, read.Status);
        byte[]? bytes = LogStand.Take(read);
        CheckRead(offset, maxBytes, upperBound, atLeastOne, read.NextOffset, bytes ?? []);
    }

    private void CheckRead(long offset, int maxBytes, long upperBound, bool atLeastOne, long nextOffset, byte[] bytes)
    {
        int i = _model.Batches.FindIndex(batch => batch.LastOffset >= offset);
        int from = 0;
        int taken = 0;
        for (; i >= 0 && from < bytes.Length; i++, taken++)
        {
            LogModel.Batch batch = _model.Batches[i];
            Assert.True(batch.LastOffset < upperBound, "a batch at or beyond the upper bound");
            Assert.Equal(batch.Bytes, bytes[from..Math.Min(bytes.Length, from + batch.Bytes.Length)]);
            from += batch.Bytes.Length;
            Assert.True(from <= maxBytes || (atLeastOne && taken == 0), "more bytes than asked for");
            Assert.True(nextOffset > batch.LastOffset, "the next offset goes back");
        }
        Assert.Equal(bytes.Length, from);
        bool isMore = i >= 0 && i < _model.Batches.Count;
        if (isMore)
            Assert.True(nextOffset <= Math.Max(_model.Batches[i].BaseOffset, offset), "the next offset skips a batch");
        if (bytes.Length == 0 && isMore && _model.Batches[i].LastOffset < upperBound)
            Assert.True(!atLeastOne && _model.Batches[i].Bytes.Length > maxBytes, "a batch that fits was not returned");
    }

    private void Truncate()
    {
        Count("truncate");
        long lowest = Math.Max(_model.StartOffset - 5, 0);
        long offset = _random.Next(10) == 0
            ? _random.NextInt64(lowest, _model.EndOffset + 3)
            : Math.Max(lowest, _model.EndOffset - _random.Next(30));
        bool isCut = offset < _model.EndOffset;
        _model.Truncate(offset);
        _stand.Log.TruncateTo(offset);
        if (!isCut)
            return;
        long end = _stand.Log.LogEndOffset;
        Assert.InRange(end, _model.KeptEndOffset, _model.EndOffset);
        _model.AdoptEnd(end);
    }

    private void AdvanceStart()
    {
        Count("advance start");
        long offset = Math.Min(_model.EndOffset, _model.StartOffset + _random.Next(40));
        _model.StartOffset = offset;
        _model.Batches.RemoveAll(batch => batch.LastOffset < offset);
        _stand.Log.AdvanceLogStart(offset);
        Assert.Equal(offset, _stand.Log.LogStartOffset);
    }

    private async Task RestartCleanly()
    {
        Count("restart");
        await _stand.RestartCleanly();
        Assert.True(_stand.Directory.WasCleanShutdown);
        Assert.Equal(_model.EndOffset, _stand.Log.LogEndOffset);
        _model.DurableEndOffset = _model.EndOffset;
        VerifyAll();
    }

    /// <summary>
    /// Whatever was under way either happened or did not. What was durable before and is in both outcomes must be there.
    /// </summary>
    private void Recover(Action crash, LogModel before, LogModel after)
    {
        crash();
        _stand.Simulation!.CapacityBytes = long.MaxValue;
        while (!TryStart())
            Count("crash in recovery");
        long end = _stand.Log.LogEndOffset;
        long durable = Math.Min(before.DurableEndOffset, after.KeptEndOffset);
        Assert.True(end >= durable, $"durable up to {durable}, found up to {end}");
        long highest = Math.Max(before.EndOffset, after.EndOffset);
        Assert.True(end <= highest, $"ends at {end} where {highest} is the most there ever was");

        _model = Consistent(after) ? after : before;
        _model.AdoptEnd(end);
        _model.StartOffset = _stand.Log.LogStartOffset;
        VerifyAll();
    }

    private bool TryStart()
    {
        if (_random.Next(4) == 0)
            _stand.Simulation!.StepsToCrash = _random.Next(8);
        try
        {
            _stand.Start();
            _stand.Simulation!.StepsToCrash = -1;
            return true;
        }
        catch (SimulatedCrashException)
        {
            _stand.Simulation!.Crash();
            return false;
        }
    }

    private bool Consistent(LogModel model)
    {
        if (_stand.Log.LogStartOffset != model.StartOffset || _stand.Log.LogEndOffset > model.EndOffset)
            return false;
        LogModel cut = model.Copy();
        cut.AdoptEnd(_stand.Log.LogEndOffset);
        return Describe(cut.Batches.Select(batch => batch.Bytes)).SequenceEqual(Describe(_stand.ReadAll()));
    }

    private void CheckEnds()
    {
        Assert.Equal(_model.EndOffset, _stand.Log.LogEndOffset);
        Assert.Equal(_model.StartOffset, _stand.Log.LogStartOffset);
        Assert.True(_stand.Log.DurableEndOffset <= _model.EndOffset);
    }

    private void VerifyAll()
    {
        List<string> found = Describe(_stand.ReadAll());
        List<string> expected = Describe(_model.Batches.Select(batch => batch.Bytes));
        if (found.SequenceEqual(expected))
            return;
        string ends = $"log {_stand.Log.LogStartOffset} to {_stand.Log.LogEndOffset}, "
            + $"model {_model.StartOffset} to {_model.EndOffset}, durable {_model.DurableEndOffset}";
        Assert.Fail($"{ends}\nlacks {string.Join(", ", expected.Except(found))}\nhas {string.Join(", ", found.Except(expected))}");
    }

    private void Note(string text)
    {
        _trail.Enqueue(text);
        if (_trail.Count > 40)
            _trail.Dequeue();
    }

    private static List<string> Describe(IEnumerable<byte[]> batches)
    {
        List<string> described = [];
        foreach (byte[] batch in batches)
        {
            RecordBatchHeader.TryRead(batch, out RecordBatchHeader header);
            described.Add($"{header.BaseOffset}-{header.LastOffset} epoch {header.PartitionLeaderEpoch} {Crc32C.Compute(batch):x8}");
        }
        return described;
    }

    private void Named(string name, Action action)
    {
        Count(name);
        action();
    }

    private void Count(string name)
    {
        Counts[name] = Counts.GetValueOrDefault(name) + 1;
        Note(name);
    }

    private static int CountOf(byte[] batch)
    {
        RecordBatchHeader.TryRead(batch, out RecordBatchHeader header);
        return header.RecordsCount;
    }
}
