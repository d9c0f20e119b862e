using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Load.Pacing;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Load.Committing;

/// <summary>One connection and the groups that commit on it, in turn. A group's commits all go one way, so that the broker
/// gets them in the order in which they were made.</summary>
internal sealed class CommitLane : IPacedLane
{
    // The last one without topic ids.
    private const short VersionMax = 9;

    private readonly Lock _gate = new();
    private readonly BrokerConnection _connection;
    private readonly IReadOnlyList<CommitGroup> _groups;
    private readonly CommitRecorder _recorder;
    private readonly LoadStop _stop;
    private readonly short _version;
    private readonly Stack<PendingCommit> _free = [];
    private readonly OffsetCommitRequest _request = new();
    private readonly int _inFlightMax;
    private int _inFlight;
    private int _turn;
    private long _left;
    private long _untilNs;
    private bool _wasRefused;
    private TaskCompletionSource? _drained;

    /// <param name="connection">The connection.</param>
    /// <param name="groups">The groups, one or more.</param>
    /// <param name="topic">Whose offsets they commit.</param>
    /// <param name="settings">How.</param>
    /// <param name="recorder">Hears of the answers.</param>
    /// <param name="stop">Ends the load, and is told when the connection is lost.</param>
    public CommitLane(
        BrokerConnection connection,
        IReadOnlyList<CommitGroup> groups,
        string topic,
        CommitSettings settings,
        CommitRecorder recorder,
        LoadStop stop)
    {
        _connection = connection;
        _groups = groups;
        _recorder = recorder;
        _stop = stop;
        _version = connection.VersionOf(ApiKey.OffsetCommit, VersionMax);
        _inFlightMax = settings.InFlightMax;
        OffsetCommitRequest.OffsetCommitRequestTopic entry = _request.Topics.Add();
        entry.Name = topic;
        for (int partition = 0; partition < settings.PartitionsCount; partition++)
        {
            entry.Partitions.Add().PartitionIndex = partition;
        }
    }

    /// <summary>How many commits had to wait as too many were on their way.</summary>
    public long RefusalsCount { get; private set; }

    /// <inheritdoc/>
    public bool TryAppend(long intendedNs, long timestampMs)
    {
        lock (_gate)
        {
            if (_inFlight == _inFlightMax)
            {
                RefusalsCount += _wasRefused ? 0 : 1;
                _wasRefused = true;
                return false;
            }

            _wasRefused = false;
            Send(_free.TryPop(out PendingCommit? free) ? free : new PendingCommit(this), intendedNs);
            return true;
        }
    }

    /// <summary>Closed loop: from now on every answer is followed by the next commit.</summary>
    /// <param name="count">So many in all ...</param>
    /// <param name="untilNs">... or until then.</param>
    public void RunClosed(long count, long untilNs)
    {
        lock (_gate)
        {
            _left = count;
            _untilNs = untilNs;
            while (_left > 0 && _inFlight < _inFlightMax && TryAppend(MonotonicClock.NowNs, 0))
            {
                _left--;
            }
        }
    }

    /// <summary>Completes when nothing is on its way any more.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            if (_inFlight == 0)
            {
                return Task.CompletedTask;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _drained.Task;
        }
    }

    /// <summary>An answer came, or will not come.</summary>
    public void OnAnswered(PendingCommit pending)
    {
        bool isKept = false;
        try
        {
            using ResponseFrame frame = pending.TakeAnswer();
            _connection.Decode(frame, pending.Response, _version);
            isKept = IsKept(pending.Response);
        }
        catch (Exception e) when (e is ConnectionLostException or KafkaException)
        {
            _stop.Fail(new LoadFailedException($"a commit of group {pending.Group.Id} has no answer: {e.Message}", e));
        }

        long nowNs = MonotonicClock.NowNs;
        if (isKept)
        {
            _recorder.OnAcknowledged(pending.IntendedNs, nowNs);
        }

        lock (_gate)
        {
            _inFlight--;
            if (isKept)
            {
                pending.Group.Acknowledge(pending.Sequence);
            }

            if (_left > 0 && nowNs < _untilNs && !_stop.Token.IsCancellationRequested)
            {
                _left--;
                Send(pending, nowNs);
                return;
            }

            _left = 0;
            _free.Push(pending);
            if (_inFlight == 0)
            {
                _drained?.SetResult();
                _drained = null;
            }
        }
    }

    private bool IsKept(OffsetCommitResponse response)
    {
        bool isKept = true;
        int partitionsCount = 0;
        foreach (OffsetCommitResponse.OffsetCommitResponseTopic topic in response.Topics)
        {
            foreach (OffsetCommitResponse.OffsetCommitResponsePartition partition in topic.Partitions)
            {
                partitionsCount++;
                if (partition.ErrorCode != ErrorCode.None)
                {
                    isKept = false;
                    _recorder.Errors.Count(partition.ErrorCode);
                }
            }
        }

        return partitionsCount == _request.Topics[0].Partitions.Count
            ? isKept
            : throw new KafkaException(ErrorCode.UnknownServerError, $"a commit was answered for {partitionsCount} partitions");
    }

    private void Send(PendingCommit pending, long intendedNs)
    {
        CommitGroup group = _groups[_turn];
        _turn = _turn + 1 == _groups.Count ? 0 : _turn + 1;
        long sequence = group.Next();
        _request.GroupId = group.Id;
        foreach (OffsetCommitRequest.OffsetCommitRequestPartition partition in _request.Topics[0].Partitions)
        {
            partition.CommittedOffset = group.OffsetOf(sequence, partition.PartitionIndex);
        }

        _inFlight++;
        pending.Begin(group, sequence, intendedNs);
        pending.Await(_connection.SendAsync(_request, _version));
    }
}
