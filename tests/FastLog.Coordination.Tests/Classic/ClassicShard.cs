using System.Text;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Classic;

/// <summary>
/// A shard with classic groups only: its log is a list that can refuse, its clock is told what time it is, and an answer
/// is given as soon as its turn is over.
/// </summary>
internal sealed class ClassicShard
{
    public const string GroupId = "g";

    private readonly List<(byte[] Key, byte[]? Value)> _log = [];
    private DeadlineQueue _deadlines = new();
    private int _nextId;

    public ClassicShard(GroupCoordinatorOptions? options = null)
    {
        Options = options ?? new GroupCoordinatorOptions();
        (Groups, Protocol) = Begin();
    }

    public GroupCoordinatorOptions Options { get; set; }

    public long NowMs { get; private set; } = 1_700_000_000_000;

    public GroupTable Groups { get; private set; }

    public ClassicProtocol Protocol { get; private set; }

    /// <summary>When the next deadline may be due, or null.</summary>
    public long? NextDeadlineMs => _deadlines.NextMs;

    /// <summary>What the log answers to the next batches; None takes them.</summary>
    public ErrorCode LogError { get; set; }

    /// <summary>What was written, in order.</summary>
    public IReadOnlyList<GroupMetadataValue?> Written => WrittenFrom(0);

    public IReadOnlyList<byte[]?> WrittenBytes => [.. _log.Select(static record => record.Value)];

    public ClassicGroup Group => Assert.IsType<ClassicGroup>(Groups.Find(GroupId));

    public Asked<JoinGroupResponse> Join(JoinGroupRequest request, short version = 9)
    {
        var asked = new Asked<JoinGroupResponse>(version);
        Run(turn => Protocol.Join(turn, Origin(version), request, asked.Take));
        return asked;
    }

    public Asked<SyncGroupResponse> Sync(SyncGroupRequest request, short version = 5)
    {
        var asked = new Asked<SyncGroupResponse>(version);
        Run(turn => Protocol.Sync(turn, Origin(version), request, asked.Take));
        return asked;
    }

    public ErrorCode Heartbeat(HeartbeatRequest request, short version = 4)
    {
        var asked = new Asked<HeartbeatResponse>(version);
        Run(turn => Protocol.Heartbeat(turn, Origin(version), request, asked.Take));
        return asked.Response.ErrorCode;
    }

    public LeaveGroupResponse Leave(LeaveGroupRequest request, short version = 5)
    {
        var asked = new Asked<LeaveGroupResponse>(version);
        Run(turn => Protocol.Leave(turn, Origin(version), request, asked.Take));
        return asked.Response;
    }

    public IReadOnlyList<GroupMetadataValue?> WrittenFrom(int index) =>
        [.. _log.Skip(index).Select(static record => DecodeValue(record.Value))];

    /// <summary>Runs a turn: append, replay, what follows, answers.</summary>
    public void Run(Action<Turn> decide)
    {
        var turn = new Turn(NowMs, NoTopics.Instance);
        decide(turn);
        if (LogError != ErrorCode.None && turn.Records.Count > 0)
        {
            if (turn.Refusal is { } refuse)
            {
                Run(refusal => refuse(refusal, LogError));
            }

            foreach (var answer in turn.Answers)
            {
                if (turn.AreAnswersKept)
                {
                    answer.Give();
                }
                else
                {
                    answer.Fail(LogError);
                }
            }

            return;
        }

        foreach (var record in turn.Records)
        {
            var key = VersionPrefixed.ToArray(record.Key, record.KeyVersion);
            var value = record.Value is null ? null : VersionPrefixed.ToArray(record.Value, record.ValueVersion);
            _log.Add((key, value));
            if (!record.IsApplied)
            {
                Replay(key, value);
            }
        }

        turn.CompleteAppend();
        foreach (var answer in turn.Answers)
        {
            answer.Give();
        }
    }

    /// <summary>Lets time pass; what is due happens at its time.</summary>
    public void Pass(long ms)
    {
        var endMs = NowMs + ms;
        while (_deadlines.NextMs is { } nextMs && nextMs <= endMs)
        {
            NowMs = Math.Max(NowMs, nextMs);
            while (_deadlines.TakeDue(NowMs) is { } due)
            {
                Run(due.Run);
            }
        }

        NowMs = endMs;
    }

    /// <summary>The coordinator is killed and started anew; who waits never gets an answer.</summary>
    public void Restart()
    {
        (Groups, Protocol) = Begin();
        foreach (var (key, value) in _log)
        {
            Replay(key, value);
        }

        foreach (var group in Groups.All.ToList())
        {
            Run(group.OnLoaded);
        }
    }

    /// <summary>The coordinator gives its groups away in good order, and gets them back.</summary>
    public void Move()
    {
        foreach (var group in Groups.All.ToList())
        {
            Run(turn => group.OnUnloaded(turn, ErrorCode.NotCoordinator));
        }

        Restart();
    }

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static RequestOrigin Origin(short version) => new("client", "/127.0.0.1", version);

    private static GroupMetadataValue? DecodeValue(byte[]? bytes)
    {
        if (bytes is null)
        {
            return null;
        }

        var value = new GroupMetadataValue();
        VersionPrefixed.Decode(value, bytes);
        return value;
    }

    private (GroupTable Groups, ClassicProtocol Protocol) Begin()
    {
        _deadlines = new DeadlineQueue();
        var groups = new GroupTable();
        var context = new GroupContext(
            Options, groups, _deadlines, () => new Guid(++_nextId, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]));
        return (groups, new ClassicProtocol(context));
    }

    private void Replay(byte[] keyBytes, byte[]? value)
    {
        var key = new GroupMetadataKey();
        Assert.Equal(2, VersionPrefixed.Decode(key, keyBytes));
        Protocol.Replay(key, DecodeValue(value));
    }

    private sealed class NoTopics : IGroupTopics
    {
        public static readonly NoTopics Instance = new();

        public long Version => 0;

        public IEnumerable<GroupTopic> All => [];

        public GroupTopic? Find(string name) => null;

        public GroupTopic? Find(Guid id) => null;
    }
}

/// <summary>A request and the answer it gets, once.</summary>
internal sealed class Asked<TResponse>(short version)
    where TResponse : class, IResponse
{
    private TResponse? _response;

    public bool IsAnswered => _response is not null;

    public TResponse Response => _response ?? throw new InvalidOperationException("The request waits.");

    public void Take(TResponse response)
    {
        Assert.False(IsAnswered, "a request is answered once");

        // Fields that the version lacks, or nulls that it does not allow, show here.
        response.SizeInBytes(version);
        _response = response;
    }
}
