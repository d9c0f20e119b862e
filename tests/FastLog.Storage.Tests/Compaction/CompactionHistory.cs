using FastLog.Records;

namespace FastLog.Storage.Tests;

/// <summary>Random appends to a log, and what must be true of it: the truth that cleanings are compared with.</summary>
internal sealed class CompactionHistory
{
    private const long FirstTransactional = 100;

    private readonly Random _random;
    private readonly Dictionary<long, int> _sequences = [];
    private readonly Dictionary<long, byte[]> _lastBatches = [];
    private readonly Dictionary<long, List<(long Offset, string Key, string? Value)>> _open = [];
    private readonly List<(long Offset, string Key, string? Value)> _decided = [];
    private int _text;

    public CompactionHistory(int seed)
    {
        _random = new Random(seed);
        Stand = new LogStand(seed: seed, config: new LogConfig
        {
            IsCompacted = true,
            SegmentBytes = 700 + _random.Next(1500),
            IndexIntervalBytes = _random.Next(400),
            DeleteRetentionMs = 500,
            FileDeleteDelayMs = 10,
        });
    }

    public LogStand Stand { get; }

    /// <summary>Offsets of records whose transaction was aborted.</summary>
    public HashSet<long> Aborted { get; } = [];

    public static CompressionType[] Codecs { get; } =
        [.. CompressionCodecs.All.Where(codec => codec.IsAvailable(out _)).Select(codec => codec.Type)];

    public void Append()
    {
        Stand.Clock.NowMs += _random.Next(60);
        switch (_random.Next(10))
        {
            case < 4:
                AppendAs(-1);
                break;
            case < 6:
                AppendAs(_random.Next(1, 4));
                break;
            case < 9:
                AppendAs(FirstTransactional + _random.Next(3));
                break;
            default:
                EndTransaction(FirstTransactional + _random.Next(3));
                break;
        }
    }

    public void EndAll()
    {
        foreach (long producer in _open.Keys.ToArray())
            EndTransaction(producer);
    }

    /// <summary>Every idempotent producer's newest batch is known again.</summary>
    public void CheckDuplicates()
    {
        foreach ((long producer, byte[] batch) in _lastBatches)
        {
            AppendResult again = Stand.Append(batch);
            Assert.True(again.IsDuplicate, $"producer {producer}: {again.Error}");
        }
    }

    /// <summary>What a consumer of decided transactions must end with.</summary>
    public SortedDictionary<string, string> ExpectedValues(long lastStableOffset)
    {
        SortedDictionary<string, string> values = new(StringComparer.Ordinal);
        foreach ((_, string key, string? value) in _decided.Where(record => record.Offset < lastStableOffset).OrderBy(record => record.Offset))
        {
            if (value is null)
                values.Remove(key);
            else
                values[key] = value;
        }
        return values;
    }

    private void AppendAs(long producer)
    {
        List<(string Key, string? Value)> records = [];
        for (int i = _random.Next(4); i >= 0; i--)
            records.Add(($"k{_random.Next(12)}", _random.Next(5) == 0 ? null : $"{_text++}:" + new string('x', _random.Next(60))));
        bool isTransactional = producer >= FirstTransactional;
        int sequence = producer < 0 ? -1 : _sequences.GetValueOrDefault(producer);
        byte[] batch = CompactionRecords.Batch(
            records, Codecs[_random.Next(Codecs.Length)], producer, sequence, isTransactional, Stand.Clock.NowMs);
        AppendResult result = Stand.MustAppend(batch);
        Assert.False(result.IsDuplicate);
        if (producer >= 0)
        {
            _sequences[producer] = sequence + records.Count;
            _lastBatches[producer] = batch;
        }
        var appended = records.Select((record, i) => (result.BaseOffset + i, record.Key, record.Value));
        if (!isTransactional)
        {
            _decided.AddRange(appended);
            return;
        }
        if (!_open.TryGetValue(producer, out List<(long, string, string?)>? open))
            _open[producer] = open = [];
        open.AddRange(appended);
    }

    private void EndTransaction(long producer)
    {
        bool isCommitted = _random.Next(2) == 0;
        Stand.MustAppend(TestBatches.MakeMarker(producer, 0, isCommitted, coordinatorEpoch: 3), AppendOrigin.Coordinator);
        if (!_open.Remove(producer, out List<(long Offset, string Key, string? Value)>? records))
            return;
        if (isCommitted)
            _decided.AddRange(records);
        else
            Aborted.UnionWith(records.Select(record => record.Offset));
    }
}
