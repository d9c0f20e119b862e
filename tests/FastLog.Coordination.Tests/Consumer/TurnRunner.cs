using FastLog.Coordination.Consumer;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Consumer;

/// <summary>
/// A shard in small: turns one after the other over a log in memory. Every record goes through its bytes, as it would on
/// disk. A restart replays the log into new state.
/// </summary>
internal sealed class TurnRunner
{
    private readonly List<(byte[] Key, byte[]? Value)> _log = [];
    private readonly Func<GroupCoordinatorOptions> _options;
    private DeadlineQueue _deadlines = new();
    private int _ids;

    public TurnRunner(GroupCoordinatorOptions? options = null)
    {
        _options = () => options ?? new GroupCoordinatorOptions();
        Rebuild();
    }

    public long NowMs { get; private set; } = 1_000_000;

    public StubTopics Topics { get; set; } = new();

    public GroupTable Groups { get; private set; } = null!;

    public ConsumerProtocol Protocol { get; private set; } = null!;

    public ClassicProtocol Classic { get; private set; } = null!;

    /// <summary>The records of the last turn.</summary>
    public IReadOnlyList<CoordinatorRecord> LastRecords { get; private set; } = [];

    /// <summary>The next append is refused.</summary>
    public bool RefusesNext { get; set; }

    public int LogCount => _log.Count;

    public ConsumerGroup Group(string id = "g") => Assert.IsType<ConsumerGroup>(Groups.Find(id));

    public void Run(Action<Turn> decide)
    {
        var turn = new Turn(NowMs, Topics);
        decide(turn);
        LastRecords = [.. turn.Records];
        if (RefusesNext && turn.Records.Count > 0)
        {
            RefusesNext = false;
            turn.Due?.Repeat(turn.NowMs + 500);
            if (turn.Refusal is { } refusal)
            {
                Run(refused => refusal(refused, ErrorCode.CoordinatorNotAvailable));
            }

            return;
        }

        foreach (var record in turn.Records)
        {
            var stored = Store(record);
            _log.Add(stored);
            if (!record.IsApplied)
            {
                Replay(stored);
            }
        }

        turn.CompleteAppend();
        foreach (var answer in turn.Answers)
        {
            answer.Give();
        }
    }

    public TResponse Ask<TResponse>(Action<Turn, Action<TResponse>> decide)
        where TResponse : class
    {
        TResponse? response = null;
        Run(turn => decide(turn, answer => response = answer));
        Assert.NotNull(response);
        return response;
    }

    public void Advance(long ms)
    {
        var untilMs = NowMs + ms;
        while (_deadlines.NextMs is { } nextMs && nextMs <= untilMs)
        {
            NowMs = Math.Max(NowMs, nextMs);
            while (_deadlines.TakeDue(NowMs) is { } due)
            {
                Run(due.Run);
            }
        }

        NowMs = untilMs;
    }

    /// <summary>A new coordinator reads the log, of which a compaction may have left the last record of each key only.</summary>
    public void Restart(bool compact)
    {
        if (compact)
        {
            var last = new Dictionary<string, int>();
            for (var i = 0; i < _log.Count; i++)
            {
                last[Convert.ToHexString(_log[i].Key)] = i;
            }

            var kept = last.Values.Where(i => _log[i].Value is not null).Order().Select(i => _log[i]).ToList();
            _log.Clear();
            _log.AddRange(kept);
        }

        Rebuild();
        foreach (var stored in _log)
        {
            Replay(stored);
        }

        foreach (var group in Groups.All.ToList())
        {
            Run(group.OnLoaded);
        }
    }

    private void Rebuild()
    {
        _deadlines = new DeadlineQueue();
        Groups = new GroupTable();
        var context = new GroupContext(
            _options(), Groups, _deadlines, () => new Guid(++_ids, 0, 0, new byte[8]));
        Classic = new ClassicProtocol(context);
        Protocol = new ConsumerProtocol(context, Classic);
    }

    private static (byte[] Key, byte[]? Value) Store(CoordinatorRecord record) => (
        VersionPrefixed.ToArray(record.Key, record.KeyVersion),
        record.Value is null ? null : VersionPrefixed.ToArray(record.Value, record.ValueVersion));

    private void Replay((byte[] Key, byte[]? Value) stored)
    {
        var record = CoordinatorRecords.Decode(stored.Key, stored.Value is null ? default(ReadOnlyMemory<byte>?) : stored.Value);
        Assert.NotNull(record);
        if (record.Value.Key is GroupMetadataKey key)
        {
            Classic.Replay(key, (GroupMetadataValue?)record.Value.Value);
            return;
        }

        Assert.True(Protocol.Replay(record.Value));
    }
}
