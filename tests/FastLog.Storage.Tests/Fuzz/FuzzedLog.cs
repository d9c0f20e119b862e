using FastLog.Records;

namespace FastLog.Storage.Tests;

/// <summary>
/// One log of a fuzzed directory beside its model: each operation is done to both and compared. The model is told first:
/// a crash on the way may leave the operation done or not.
/// </summary>
internal sealed partial class FuzzedLog(Random random, LogStand stand, int number)
{
    private readonly long[] _producers = [0, 1, 2, 3];
    private int _leaderEpoch;
    private int _text;
    private long _nextProducer = 4;

    public LogModel Model { get; private set; } = new();

    /// <summary>The model before the step that is under way.</summary>
    public LogModel Before { get; private set; } = new();

    public PartitionLog Log => stand.Logs[number];

    public void BeginStep() => Before = Model.Copy();

    public void EndStep()
    {
        Model.DurableEndOffset = Math.Max(Model.DurableEndOffset, Math.Min(Log.DurableEndOffset, Model.EndOffset));
        Assert.Equal((Model.StartOffset, Model.EndOffset), (Log.LogStartOffset, Log.LogEndOffset));
        Assert.True(Log.DurableEndOffset <= Model.EndOffset);
    }

    public void Append()
    {
        if (random.Next(20) == 0)
            _leaderEpoch++;
        byte[] batch = NextBatch();
        long baseOffset = Model.EndOffset;
        long lastOffset = baseOffset + CountOf(batch) - 1;
        Model.Append(baseOffset, lastOffset, TestBatches.Stored(batch, baseOffset, _leaderEpoch));
        AppendResult result = Append(batch);
        if (result.Error == AppendError.StorageError && stand.Directory.IsOffline)
            return;
        Assert.Equal((AppendError.None, false, baseOffset, lastOffset), (result.Error, result.IsDuplicate, result.BaseOffset, result.LastOffset));
    }

    public void SendAgain()
    {
        if (FindLast(_producers[random.Next(_producers.Length)], out RecordBatchHeader header) is not { } last)
            return;
        // Of a batch that compaction took records from, the producer's own bytes are not known any more.
        if (header.RecordsCount <= header.LastOffsetDelta)
            return;
        AppendResult again = Append(TestBatches.Stored(last.Bytes, 0, -1));
        Assert.Equal((AppendError.None, true, last.BaseOffset), (again.Error, again.IsDuplicate, again.BaseOffset));
        byte[] gap = TestBatches.Make(2, producerId: header.ProducerId, producerEpoch: 0, baseSequence: header.LastSequence + 2);
        Assert.Equal(AppendError.OutOfOrderSequenceNumber, Append(gap).Error);
    }

    public void AppendReplicated()
    {
        List<byte> records = [];
        List<LogModel.Batch> batches = [];
        long next = Model.EndOffset;
        for (int i = random.Next(4); i >= 0; i--)
        {
            // Compaction on the leader leaves gaps.
            next += random.Next(4) == 0 ? random.Next(20) : 0;
            byte[] batch = TestBatches.Make(1 + random.Next(3), NextText(), stand.Clock.NowMs, baseOffset: next, leaderEpoch: _leaderEpoch);
            records.AddRange(batch);
            batches.Add(new LogModel.Batch(next, next + CountOf(batch) - 1, batch));
            next += CountOf(batch);
        }
        foreach (LogModel.Batch batch in batches)
            Model.Append(batch.BaseOffset, batch.LastOffset, batch.Bytes);
        AppendResult result = Append([.. records], AppendOrigin.Replication);
        Assert.Equal((AppendError.None, batches[0].BaseOffset, next - 1), (result.Error, result.BaseOffset, result.LastOffset));
    }

    /// <summary>The disk is all but full: refused, and nothing of it is there.</summary>
    public void AppendRefused() => Assert.Equal(AppendError.NoSpace, Append(TestBatches.Make(3, new string('y', 100))).Error);

    public void Read()
    {
        long offset = random.NextInt64(Math.Max(0, Model.StartOffset - 3), Model.EndOffset + 3);
        long upperBound = random.NextInt64(offset, Model.EndOffset + 20);
        int maxBytes = random.Next(3) == 0 ? random.Next(4000) : random.Next(300);
        bool atLeastOne = random.Next(2) == 0;
        ReadResult read = Log.Read(offset, maxBytes, upperBound, atLeastOne);
        if (offset < Model.StartOffset || offset > Model.EndOffset)
        {
            Assert.Equal(ReadStatus.OutOfRange, read.Status);
            return;
        }
        Assert.Equal(ReadStatus.Ok, read.Status);
        byte[]? bytes = LogStand.Take(read);
        CheckRead(offset, maxBytes, upperBound, atLeastOne, read.NextOffset, bytes ?? []);
    }

    public void Truncate()
    {
        long lowest = Math.Max(Model.StartOffset - 5, 0);
        long offset = random.Next(10) == 0
            ? random.NextInt64(lowest, Model.EndOffset + 3)
            : Math.Max(lowest, Model.EndOffset - random.Next(30));
        bool isCut = offset < Model.EndOffset;
        RetireProducers();
        Model.Truncate(offset);
        Log.TruncateTo(offset);
        if (!isCut)
            return;
        long end = Log.LogEndOffset;
        Assert.InRange(end, Model.KeptEndOffset, Before.EndOffset);
        Model.AdoptEnd(end);
    }

    public void AdvanceStart()
    {
        long offset = Math.Min(Model.EndOffset, Model.StartOffset + random.Next(40));
        Model.AdvanceStart(offset);
        Log.AdvanceLogStart(offset);
        Assert.Equal(offset, Log.LogStartOffset);
    }

    /// <summary>After a clean stop everything is there.</summary>
    public void VerifyRestart()
    {
        Assert.Equal(Model.EndOffset, Log.LogEndOffset);
        Model.DurableEndOffset = Model.EndOffset;
        VerifyAll();
    }

    /// <summary>
    /// After a crash: whatever was under way either happened or did not. What was durable before and is in both outcomes
    /// must be there.
    /// </summary>
    public void VerifyRecovered()
    {
        AdoptInterrupted();
        RetireProducers();
        long end = Log.LogEndOffset;
        long durable = Math.Min(Before.DurableEndOffset, Model.KeptEndOffset);
        Assert.True(end >= durable, $"log {number}: durable up to {durable}, found up to {end}");
        long highest = Math.Max(Before.EndOffset, Model.EndOffset);
        Assert.True(end <= highest, $"log {number}: ends at {end} where {highest} is the most there ever was");
        Model = IsConsistentWith(Model) ? Model : Before;
        Model.AdoptEnd(end);
        Model.StartOffset = Log.LogStartOffset;
        VerifyAll();
    }

    public void VerifyAll()
    {
        List<string> found = Describe(LogStand.ReadAll(Log));
        List<string> expected = Describe(Model.Batches.Select(batch => batch.Bytes));
        if (found.SequenceEqual(expected))
            return;
        string ends = $"log {number}: {Log.LogStartOffset} to {Log.LogEndOffset}, "
            + $"model {Model.StartOffset} to {Model.EndOffset}, durable {Model.DurableEndOffset}";
        Assert.Fail($"{ends}\nlacks {string.Join(", ", expected.Except(found))}\nhas {string.Join(", ", found.Except(expected))}");
    }

    public override string ToString() => $"{number}[{Model.StartOffset}..{Model.EndOffset} durable {Model.DurableEndOffset}]";

    private AppendResult Append(byte[] batch, AppendOrigin origin = AppendOrigin.Client) =>
        Log.Append(TestBatches.Sequence(batch), origin, _leaderEpoch);

    private string NextText() => $"{number}:{_text++}:";

    private byte[] NextBatch()
    {
        long producerId = -1;
        int sequence = -1;
        if (random.Next(3) == 0)
            (producerId, sequence) = NextSequence(random.Next(_producers.Length));
        return TestBatches.Make(
            1 + random.Next(5),
            NextText() + new string('x', random.Next(120)),
            timestampMs: stand.Clock.NowMs - random.Next(1000),
            producerId: producerId,
            producerEpoch: (short)(producerId >= 0 ? 0 : -1),
            baseSequence: sequence,
            compression: random.Next(5) == 0 ? CompressionType.Gzip : CompressionType.None,
            keyOf: _ => "k" + random.Next(30));
    }

    /// <summary>A producer whose last batch was cut or deleted starts anew under another id.</summary>
    private (long ProducerId, int Sequence) NextSequence(int slot)
    {
        if (FindLast(_producers[slot], out RecordBatchHeader last) is not null)
            return (last.ProducerId, last.LastSequence + 1);
        _producers[slot] = _nextProducer++;
        return (_producers[slot], 0);
    }

    /// <summary>Where compaction took batches from between, the newest one left may not be the one before a cut.</summary>
    private void RetireProducers()
    {
        for (int i = 0; stand.Config.IsCompacted && i < _producers.Length; i++)
            _producers[i] = _nextProducer++;
    }

    private LogModel.Batch? FindLast(long producerId, out RecordBatchHeader header)
    {
        header = default;
        for (int i = Model.Batches.Count - 1; i >= 0; i--)
        {
            RecordBatchHeader.TryRead(Model.Batches[i].Bytes, out header);
            if (header.ProducerId == producerId)
                return Model.Batches[i];
        }
        return null;
    }

    private void CheckRead(long offset, int maxBytes, long upperBound, bool atLeastOne, long nextOffset, byte[] bytes)
    {
        int i = Model.Batches.FindIndex(batch => batch.LastOffset >= offset);
        int from = 0;
        int taken = 0;
        for (; i >= 0 && from < bytes.Length; i++, taken++)
        {
            LogModel.Batch batch = Model.Batches[i];
            Assert.True(batch.LastOffset < upperBound, "a batch at or beyond the upper bound");
            Assert.Equal(batch.Bytes, bytes[from..Math.Min(bytes.Length, from + batch.Bytes.Length)]);
            from += batch.Bytes.Length;
            Assert.True(from <= maxBytes || (atLeastOne && taken == 0), "more bytes than asked for");
            Assert.True(nextOffset > batch.LastOffset, "the next offset goes back");
        }
        Assert.Equal(bytes.Length, from);
        bool isMore = i >= 0 && i < Model.Batches.Count;
        if (isMore)
            Assert.True(nextOffset <= Math.Max(Model.Batches[i].BaseOffset, offset), "the next offset skips a batch");
        if (bytes.Length == 0 && isMore && Model.Batches[i].LastOffset < upperBound)
            Assert.True(!atLeastOne && Model.Batches[i].Bytes.Length > maxBytes, "a batch that fits was not returned");
    }

    private bool IsConsistentWith(LogModel model)
    {
        if (Log.LogStartOffset != model.StartOffset || Log.LogEndOffset > model.EndOffset)
            return false;
        LogModel cut = model.Copy();
        cut.AdoptEnd(Log.LogEndOffset);
        return Describe(cut.Batches.Select(batch => batch.Bytes)).SequenceEqual(Describe(LogStand.ReadAll(Log)));
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

    private static int CountOf(byte[] batch)
    {
        RecordBatchHeader.TryRead(batch, out RecordBatchHeader header);
        return header.RecordsCount;
    }
}
