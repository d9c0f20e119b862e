using System.Text.RegularExpressions;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <summary>Keeps one member in its group: one loop that sends what <see cref="GroupMembership"/> decides, from the first
/// subscription until it leaves.</summary>
internal sealed class GroupSession : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ConsumerOptions _options;
    private readonly ClusterClient _cluster;
    private readonly GroupCoordinator _coordinator;
    private readonly GroupMembership _membership;
    private readonly Action _onChange;
    private readonly AsyncSignal _wake = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly long _startedAt;
    private readonly Task _loop;
    private Regex? _pattern;
    private long _metadataDueMs = long.MinValue;
    private long _lastPollMs;
    private volatile bool _isReaderWaiting;
    private volatile bool _hasStep;
    private volatile bool _hasLeftUnpolled;
    private volatile KafkaException? _failure;

    /// <summary>Starts to join.</summary>
    /// <param name="membership">What to do; used under this session's lock only.</param>
    /// <param name="coordinator">Whom to send it to.</param>
    /// <param name="cluster">The way to metadata.</param>
    /// <param name="options">Times.</param>
    /// <param name="onChange">Called when the reader has something to do: a step, a failure.</param>
    public GroupSession(
        GroupMembership membership,
        GroupCoordinator coordinator,
        ClusterClient cluster,
        ConsumerOptions options,
        Action onChange)
    {
        _membership = membership;
        _coordinator = coordinator;
        _cluster = cluster;
        _options = options;
        _onChange = onChange;
        _startedAt = options.TimeProvider.GetTimestamp();
        _loop = Task.Run(RunAsync);
    }

    /// <summary>The reader has a change of its partitions to carry out before it reads on.</summary>
    public bool HasStep => _hasStep;

    /// <summary>Why the group cannot be used any more, or null.</summary>
    public KafkaException? Failure => _failure;

    /// <summary>As whom to commit now.</summary>
    public GroupIdentity Identity
    {
        get
        {
            lock (_gate)
            {
                return new GroupIdentity(
                    _membership.MemberId,
                    _membership.Epoch,
                    _options.GroupInstanceId,
                    _options.GroupProtocol == GroupProtocol.Consumer);
            }
        }
    }

    private long NowMs => (long)_options.TimeProvider.GetElapsedTime(_startedAt).TotalMilliseconds;

    /// <summary>Changes what is read.</summary>
    /// <param name="subscription">The topics or the pattern.</param>
    /// <param name="pattern">The pattern when this side has to apply it, or null.</param>
    public void Subscribe(GroupSubscription subscription, Regex? pattern)
    {
        lock (_gate)
        {
            _pattern = pattern;
            _metadataDueMs = long.MinValue;
            if (pattern is null)
            {
                _membership.Subscribe(subscription);
            }
        }

        OnPoll();
        _wake.Set();
    }

    /// <summary>The application came for records.</summary>
    public void OnPoll()
    {
        Volatile.Write(ref _lastPollMs, NowMs);
        if (_hasLeftUnpolled)
        {
            _wake.Set();
        }
    }

    /// <summary>Whether the application waits for records, however long there are none.</summary>
    public void OnReaderWaits(bool isWaiting)
    {
        _isReaderWaiting = isWaiting;
        OnPoll();
    }

    /// <summary>The change to carry out now, or null.</summary>
    public RebalanceStep? TakeStep()
    {
        lock (_gate)
        {
            return _membership.TakeStep();
        }
    }

    /// <summary>The change was carried out.</summary>
    public void OnStepDone()
    {
        lock (_gate)
        {
            _membership.OnStepDone();
            _hasStep = false;
        }

        _wake.Set();
    }

    /// <summary>Ends the loop and leaves the group, if it can be reached.</summary>
    /// <param name="cancellationToken">Gives the attempt to say good-bye up; the loop has ended then.</param>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        _wake.Set();
        await _loop.ConfigureAwait(false);
        IRequest? request;
        lock (_gate)
        {
            request = _membership.Leave();
            _hasStep = false;
        }

        try
        {
            if (request is not null)
            {
                // Not where a join may still be waiting for its answer.
                await SendAsync(request, ConnectionUse.Requests, static _ => { }, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            _options.Logger.LogDebug("leaving group {GroupId}: {Reason}", _coordinator.GroupId, e.Message);
        }

    }

    /// <summary>After <see cref="LeaveAsync"/>.</summary>
    public void Dispose() => _ending.Dispose();

    private async Task RunAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                (IRequest? request, IReadOnlyCollection<string>? topics, bool wantsMetadata, long dueMs) = Think();
                if (request is not null)
                {
                    await SendAsync(request).ConfigureAwait(false);
                }
                else if (wantsMetadata)
                {
                    await LearnAsync(topics).ConfigureAwait(false);
                }
                else
                {
                    await RestAsync(dueMs).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (_ending.IsCancellationRequested
                && e is KafkaException or OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // A defect, or a request that the broker's version has no room for: the application must hear of it.
                lock (_gate)
                {
                    _membership.Fail(e as KafkaException ?? new KafkaException(ErrorCode.UnknownServerError, e.Message, e));
                    Publish();
                }
            }
        }
    }

    private (IRequest? Request, IReadOnlyCollection<string>? Topics, bool WantsMetadata, long DueMs) Think()
    {
        lock (_gate)
        {
            long nowMs = NowMs;
            long deadlineMs = _isReaderWaiting ? long.MaxValue : Volatile.Read(ref _lastPollMs) + _options.MaxPollIntervalMs;
            IRequest? request = _membership.NextRequest(nowMs, deadlineMs);
            Publish();
            if (_membership.IsCoordinatorStale)
            {
                _membership.IsCoordinatorStale = false;
                _coordinator.Forget();
            }

            bool wantsMetadata = request is null && !_membership.IsBackingOff(nowMs) && _failure is null
                && (_membership.WantsMetadata || nowMs >= _metadataDueMs);
            long dueMs = _membership.DueMs(nowMs);
            if (_failure is null && !_membership.IsBackingOff(nowMs))
            {
                dueMs = Math.Min(dueMs, _metadataDueMs);
            }

            if (deadlineMs > nowMs)
            {
                dueMs = Math.Min(dueMs, deadlineMs);
            }

            return (request, _pattern is null ? _membership.TopicsWanted : null, wantsMetadata, Math.Max(dueMs, nowMs + 1));
        }
    }

    private void Publish()
    {
        bool isNews = (!_hasStep && _membership.Step is not null) || (_failure is null && _membership.Failure is not null);
        _hasStep = _membership.Step is not null;
        _failure = _membership.Failure;
        _hasLeftUnpolled = _membership.HasLeftUnpolled;
        if (isNews)
        {
            _onChange();
        }
    }

    private async Task RestAsync(long dueMs)
    {
        TimeSpan due = TimeSpan.FromMilliseconds(Math.Clamp(dueMs - NowMs, 1, int.MaxValue));
        await using (_options.TimeProvider.CreateTimer(
            static wake => ((AsyncSignal)wake!).Set(), _wake, due, Timeout.InfiniteTimeSpan))
        {
            await _wake.WaitAsync().ConfigureAwait(false);
        }
    }

    private async Task LearnAsync(IReadOnlyCollection<string>? topics)
    {
        try
        {
            if (topics is not { Count: 0 })
            {
                await _cluster.RefreshAsync(topics, allowAutoTopicCreation: false, _ending.Token).ConfigureAwait(false);
            }
        }
        catch (KafkaException e)
        {
            _options.Logger.LogDebug("group {GroupId}: {Reason}", _coordinator.GroupId, e.Message);
            lock (_gate)
            {
                _membership.OnMetadataLost(NowMs);
            }

            return;
        }

        lock (_gate)
        {
            ClusterMetadata metadata = _cluster.Metadata;
            if (_pattern is { } pattern)
            {
                _membership.Subscribe(GroupSubscription.Of(
                    metadata.Topics.Where(topic => !topic.IsInternal && pattern.IsMatch(topic.Name)).Select(topic => topic.Name)));
            }

            _membership.OnMetadata(metadata);
            // What is not there yet is looked for more often than what may change.
            bool isMissing = _membership.Subscription.Topics.Any(topic => metadata.Topic(topic) is null);
            _metadataDueMs = NowMs + (isMissing
                ? Math.Min(_options.MetadataAgeMsMax, Math.Max(1, _options.RetryBackoffMsMax))
                : _options.MetadataAgeMsMax);
        }
    }

    private async Task SendAsync(IRequest request)
    {
        int timeoutMs = request is JoinGroupRequest
            ? (int)Math.Min(int.MaxValue, (long)_options.MaxPollIntervalMs + ClusterClient.JoinSlackMs)
            : _options.RequestTimeoutMs;
        using CancellationTokenSource timeout = new(TimeSpan.FromMilliseconds(timeoutMs), _options.TimeProvider);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _ending.Token);
        try
        {
            await SendAsync(request, ConnectionUse.Membership, Take, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!_ending.IsCancellationRequested && IsLoss(e))
        {
            _options.Logger.LogDebug("group {GroupId}: {Reason}", _coordinator.GroupId, e.Message);
            lock (_gate)
            {
                _membership.OnRequestLost(NowMs);
            }
        }

        void Take(IResponse response)
        {
            lock (_gate)
            {
                _membership.OnResponse(response, NowMs);
            }
        }
    }

    /// <summary>No answer came, and another attempt may get one.</summary>
    private static bool IsLoss(Exception e) => e switch
    {
        KafkaException refused => refused.IsRetriable || GroupCoordinator.IsWorthRetrying(refused.ErrorCode),
        _ => e is ConnectionLostException or OperationCanceledException or ObjectDisposedException,
    };

    private async Task SendAsync(
        IRequest request, ConnectionUse use, Action<IResponse> take, CancellationToken cancellationToken)
    {
        BrokerConnection connection = await _coordinator.ConnectAsync(use, cancellationToken).ConfigureAwait(false);
        switch (request)
        {
            case JoinGroupRequest join:
                await SendAsync<JoinGroupResponse>(connection, join, take, cancellationToken).ConfigureAwait(false);
                break;
            case SyncGroupRequest sync:
                await SendAsync<SyncGroupResponse>(connection, sync, take, cancellationToken).ConfigureAwait(false);
                break;
            case HeartbeatRequest heartbeat:
                await SendAsync<HeartbeatResponse>(connection, heartbeat, take, cancellationToken).ConfigureAwait(false);
                break;
            case LeaveGroupRequest leave:
                NameOneMember(leave, connection);
                await SendAsync<LeaveGroupResponse>(connection, leave, take, cancellationToken).ConfigureAwait(false);
                break;
            case ConsumerGroupHeartbeatRequest heartbeat:
                await SendAsync<ConsumerGroupHeartbeatResponse>(connection, heartbeat, take, cancellationToken)
                    .ConfigureAwait(false);
                break;
            default:
                throw new InvalidOperationException($"{request.ApiKey} is no request of a member");
        }
    }

    private static Task<bool> SendAsync<TResponse>(
        BrokerConnection connection, IRequest<TResponse> request, Action<IResponse> take, CancellationToken cancellationToken)
        where TResponse : class, IResponse, new() =>
        connection.RequestAsync(
            request,
            (TResponse response) =>
            {
                take(response);
                return true;
            },
            cancellationToken);

    /// <summary>Before version 3 a request had room for one member only.</summary>
    private static void NameOneMember(LeaveGroupRequest request, BrokerConnection connection)
    {
        if (!connection.Supports(ApiKey.LeaveGroup, 3))
        {
            request.MemberId = request.Members[0].MemberId;
            request.Members.Clear();
        }
    }
}
