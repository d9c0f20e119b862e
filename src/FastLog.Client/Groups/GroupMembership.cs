using FastLog.Protocol;

namespace FastLog.Client;

/// <summary>
/// What one member of a group does: decides which request comes next and what a response means. Knows no clock, no
/// connection and no thread; times are milliseconds of a clock that only goes forward.
/// </summary>
/// <remarks>One request is on its way at a time. A change of what is owned is a <see cref="RebalanceStep"/>, which stands
/// until <see cref="OnStepDone"/>; heartbeats go on meanwhile.</remarks>
internal abstract class GroupMembership(ConsumerOptions options)
{
    private readonly RetryBackoff _backoff = RetryBackoff.From(options);
    private long _notBeforeMs = long.MinValue;
    private int _failures;
    private bool _isOnItsWay;
    private bool _isStepTaken;

    /// <summary>Empty while the coordinator has not given one.</summary>
    public string MemberId { get; protected set; } = "";

    /// <summary>The generation of a classic group, the member epoch in the other protocol; -1 outside of the group.</summary>
    public int Epoch { get; protected set; } = -1;

    /// <summary>The partitions of this member.</summary>
    public HashSet<TopicAndPartition> Owned { get; } = [];

    /// <summary>What the reader has to do next, or null.</summary>
    public RebalanceStep? Step { get; protected set; }

    /// <summary>Why the member cannot go on, or null.</summary>
    public KafkaException? Failure { get; private set; }

    /// <summary>The coordinator has to be looked up again before the next request.</summary>
    public bool IsCoordinatorStale { get; set; }

    /// <summary>Metadata of <see cref="TopicsWanted"/> are needed before anything goes on.</summary>
    public abstract bool WantsMetadata { get; }

    /// <summary>The topics to ask for; null for all.</summary>
    public abstract IReadOnlyCollection<string>? TopicsWanted { get; }

    /// <summary>What to read.</summary>
    public GroupSubscription Subscription { get; private set; } = GroupSubscription.Of([]);

    /// <summary>The application has not come back for too long: the member left, and joins again when it does.</summary>
    public bool HasLeftUnpolled { get; private set; }

    /// <summary>Whether requests of this member can name it: it is in the group.</summary>
    public abstract bool IsMember { get; }

    protected ConsumerOptions Options { get; } = options;

    /// <summary>Whether a failure is waited out.</summary>
    public bool IsBackingOff(long nowMs) => nowMs < _notBeforeMs;

    /// <summary>Changes what is to be read.</summary>
    public void Subscribe(GroupSubscription subscription)
    {
        if (!subscription.IsSameAs(Subscription))
        {
            Subscription = subscription;
            OnSubscriptionChanged();
        }
    }

    /// <summary>The request to send now, or null. Ends with <see cref="OnResponse"/> or <see cref="OnRequestLost"/>.</summary>
    /// <param name="nowMs">Now.</param>
    /// <param name="pollDeadlineMs">When the application must have come back for records.</param>
    public IRequest? NextRequest(long nowMs, long pollDeadlineMs)
    {
        if (_isOnItsWay || Failure is not null)
        {
            return null;
        }

        IRequest? request = null;
        if (HasLeftUnpolled)
        {
            if (nowMs < pollDeadlineMs)
            {
                HasLeftUnpolled = false;
                OnPolledAgain();
            }
        }
        else if (nowMs >= pollDeadlineMs && IsMember)
        {
            HasLeftUnpolled = true;
            request = LeaveRequest();
            OnRemoved();
        }

        if (!HasLeftUnpolled)
        {
            Advance(nowMs);
            request = IsBackingOff(nowMs) ? null : Request(nowMs);
        }

        _isOnItsWay = request is not null;
        return request;
    }

    /// <summary>When <see cref="NextRequest"/> may have something although nothing happened; long.MaxValue for never.</summary>
    public long DueMs(long nowMs) => Failure is not null ? long.MaxValue
        : IsBackingOff(nowMs) ? _notBeforeMs
        : _isOnItsWay || HasLeftUnpolled ? long.MaxValue
        : NextDueMs();

    /// <summary>The response to the last request came.</summary>
    public void OnResponse(IResponse response, long nowMs)
    {
        _isOnItsWay = false;
        if (!HasLeftUnpolled)
        {
            Take(response, nowMs);
        }
    }

    /// <summary>The last request has no response: no connection, or no coordinator is known.</summary>
    public void OnRequestLost(long nowMs)
    {
        _isOnItsWay = false;
        if (!HasLeftUnpolled)
        {
            IsCoordinatorStale = true;
            Retry(nowMs);
            OnLost();
        }
    }

    /// <summary>The reader starts to carry out <see cref="Step"/>, if there is one.</summary>
    public RebalanceStep? TakeStep()
    {
        _isStepTaken = Step is not null;
        return Step;
    }

    /// <summary>The reader has carried out <see cref="Step"/>.</summary>
    public void OnStepDone()
    {
        Invariant.Check(_isStepTaken && Step is not null, "a step was done that nobody took");
        RebalanceStep step = Step;
        Step = null;
        _isStepTaken = false;
        Owned.ExceptWith(step.Lost);
        Owned.ExceptWith(step.Revoked);
        Owned.UnionWith(step.Added);
        AfterStep(step);
    }

    /// <summary>Metadata came, of the topics that are subscribed to.</summary>
    public abstract void OnMetadata(ClusterMetadata metadata);

    /// <summary>Metadata were asked for and did not come.</summary>
    public void OnMetadataLost(long nowMs) => Retry(nowMs);

    /// <summary>The request that leaves the group now, or null when there is nothing to leave. The member is out from then
    /// on, and whatever it owned is no longer its own.</summary>
    public IRequest? Leave()
    {
        IRequest? request = IsMember ? LeaveRequest() : null;
        OnRemoved();
        Owned.Clear();
        Step = null;
        _isStepTaken = false;
        return request;
    }

    /// <summary>The group cannot be used: said to the application.</summary>
    public void Fail(KafkaException failure)
    {
        Failure = failure;
        OnRemoved();
    }

    protected abstract void OnSubscriptionChanged();

    /// <summary>Makes steps where something is to be given up, before requests are thought of.</summary>
    protected abstract void Advance(long nowMs);

    protected abstract IRequest? Request(long nowMs);

    protected abstract long NextDueMs();

    protected abstract void Take(IResponse response, long nowMs);

    protected abstract void OnLost();

    protected abstract void AfterStep(RebalanceStep step);

    protected abstract IRequest? LeaveRequest();

    /// <summary>The member is no longer in the group, and its partitions may be another's.</summary>
    protected abstract void OnRemoved();

    protected abstract void OnPolledAgain();

    /// <summary>Takes back a step that the reader has not begun: what it was made for is no longer so.</summary>
    protected void DropUntakenStep()
    {
        if (!_isStepTaken)
        {
            Step = null;
        }
    }

    /// <summary>The group's own reasons to stop.</summary>
    protected void FailWith(ErrorCode error, string? brokersText = null) =>
        Fail(KafkaException.For(error, $"group {Options.GroupId}", brokersText));

    /// <summary>The next request has to wait, longer with each failure in a row.</summary>
    protected void Retry(long nowMs)
    {
        _failures++;
        _notBeforeMs = nowMs + (long)_backoff.After(_failures).TotalMilliseconds;
    }

    protected void OnSuccess()
    {
        _failures = 0;
        _notBeforeMs = long.MinValue;
    }

    /// <summary>What all responses of a coordinator have in common; false when the error means more than where and when
    /// to ask.</summary>
    protected bool TryRetry(ErrorCode error, long nowMs)
    {
        switch (error)
        {
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.NetworkException
                or ErrorCode.RequestTimedOut:
                IsCoordinatorStale = true;
                Retry(nowMs);
                return true;
            case ErrorCode.CoordinatorLoadInProgress:
                Retry(nowMs);
                return true;
            default:
                return false;
        }
    }
}
