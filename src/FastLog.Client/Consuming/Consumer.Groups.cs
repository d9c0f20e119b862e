using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using FastLog.Protocol;
using FastLog.Records;
using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <content>Membership in a group: the reader's side of it.</content>
public sealed partial class Consumer
{
    private readonly GroupCoordinator? _coordinator;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly string _memberId = UuidText.Format(Guid.NewGuid());
    private volatile GroupSession? _session;
    private IRebalanceListener? _listener;
    private bool _isEnding;

    /// <summary>The partitions that are read now, by assignment or by the group.</summary>
    public IReadOnlyCollection<TopicAndPartition> Assignment
    {
        get
        {
            lock (_gate)
            {
                return [.. _assigned.Keys];
            }
        }
    }

    /// <summary>The id of this member, empty outside of a group, and the generation or member epoch, or -1.</summary>
    public (string MemberId, int Epoch) Member => _session is { } session ? (session.Identity.MemberId, session.Identity.Epoch) : ("", -1);

    /// <summary>Joins the group for these topics, or changes what this member of it reads. What the group assigns comes
    /// while reading.</summary>
    /// <param name="topics">The topics; those that do not exist are read from when they do.</param>
    /// <param name="listener">Hears what is assigned and revoked; null for nobody.</param>
    /// <exception cref="InvalidOperationException">There is no <see cref="ConsumerOptions.GroupId"/>, or partitions are
    /// assigned by hand.</exception>
    public void Subscribe(IEnumerable<string> topics, IRebalanceListener? listener = null)
    {
        GroupSubscription subscription = GroupSubscription.Of(topics);
        if (subscription.IsEmpty)
        {
            throw new ArgumentException("no topic to subscribe to", nameof(topics));
        }

        Subscribe(subscription, null, listener);
    }

    /// <summary>Joins the group for all topics whose whole name matches a regular expression, those to come included.
    /// </summary>
    /// <param name="pattern">With the consumer protocol the broker applies it, and it is RE2's (KIP-848); otherwise this
    /// client does and it is .NET's, without backtracking, and internal topics are left out.</param>
    /// <param name="listener">Hears what is assigned and revoked; null for nobody.</param>
    /// <exception cref="InvalidOperationException">There is no <see cref="ConsumerOptions.GroupId"/>, or partitions are
    /// assigned by hand.</exception>
    /// <exception cref="ArgumentException">The pattern makes no sense.</exception>
    public void SubscribePattern(string pattern, IRebalanceListener? listener = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        Regex? regex = Options.GroupProtocol == GroupProtocol.Classic
            ? new Regex($"^(?:{pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant)
            : null;
        Subscribe(new GroupSubscription([], pattern), regex, listener);
    }

    /// <summary>Commits as closing does, gives all partitions up and leaves the group.</summary>
    public async Task UnsubscribeAsync(CancellationToken cancellationToken = default)
    {
        await EndSessionAsync(isProcessed: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Closes after the work is done: what was given back counts as processed and is committed, when commits are automatic;
    /// then the consumer leaves the group, whose other members go on at once (a static member stays in a classic group
    /// until its session ends), and is disposed.
    /// </summary>
    /// <param name="cancellationToken">Closes without commit or good-bye.</param>
    public async Task CloseAsync(CancellationToken cancellationToken = default)
    {
        await EndGroupAsync(isProcessed: true, cancellationToken).ConfigureAwait(false);
        await DisposeAsync().ConfigureAwait(false);
    }

    private void Subscribe(GroupSubscription subscription, Regex? pattern, IRebalanceListener? listener)
    {
        RequireGroup();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed || _isEnding, this);
            if (_session is null && _assigned.Count > 0)
            {
                throw new InvalidOperationException("partitions are assigned by hand: a consumer does that or subscribes");
            }

            _listener = listener;
            _session ??= new GroupSession(
                Options.GroupProtocol == GroupProtocol.Consumer
                    ? new ConsumerMembership(Options, _memberId)
                    : new ClassicMembership(Options),
                _coordinator!,
                _cluster,
                Options,
                _readable.Set);
            _session.Subscribe(subscription, pattern);
        }

        OnChange();
    }

    private void ThrowIfSubscribed()
    {
        if (_session is not null)
        {
            throw new InvalidOperationException("the consumer subscribes: its group assigns");
        }
    }

    private void RequireGroup()
    {
        if (Options.GroupId is null)
        {
            throw new InvalidOperationException("the consumer has no GroupId");
        }
    }

    /// <summary>The application came for records; true when the assignment has to be changed first.</summary>
    private bool PollGroup()
    {
        if (_session is not { } session)
        {
            return false;
        }

        session.OnPoll();
        return session.Failure is { } failure
            ? throw new KafkaException(failure.ErrorCode, failure.Message, failure)
            : session.HasStep;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitReadableAsync()
    {
        GroupSession? session = _session;
        session?.OnReaderWaits(true);
        try
        {
            await _readable.WaitAsync().ConfigureAwait(false);
        }
        finally
        {
            session?.OnReaderWaits(false);
        }
    }

    /// <summary>Carries out what the group has decided: commits, tells the listener, gives up and takes over.</summary>
    private async Task ChangeAssignmentAsync(GroupSession session)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_session != session || session.TakeStep() is not { } step)
            {
                return;
            }

            try
            {
                if (step.CommitsFirst && Options.EnableAutoCommit)
                {
                    await CommitQuietlyAsync(Options.ApiTimeoutMs, Closing).ConfigureAwait(false);
                }

                try
                {
                    await GiveUpAsync(step.Revoked, step.Lost).ConfigureAwait(false);
                }
                finally
                {
                    // Also when the listener fails: this member owns them now, and nobody else will read them.
                    await TakeOverAsync(step.Added).ConfigureAwait(false);
                }
            }
            finally
            {
                session.OnStepDone();
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    private async Task GiveUpAsync(
        IReadOnlyCollection<TopicAndPartition> revoked, IReadOnlyCollection<TopicAndPartition> lost)
    {
        try
        {
            if (lost.Count > 0 && _listener is { } loser)
            {
                await loser.OnLostAsync(lost).ConfigureAwait(false);
            }

            if (revoked.Count > 0 && _listener is { } listener)
            {
                await listener.OnRevokedAsync(revoked).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (_gate)
            {
                foreach (TopicAndPartition partition in lost.Concat(revoked))
                {
                    RemoveLocked(partition);
                }
            }
        }
    }

    private async Task TakeOverAsync(IReadOnlyCollection<TopicAndPartition> added)
    {
        if (added.Count == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (TopicAndPartition partition in added)
            {
                AddLocked(partition).JumpToCommitted();
            }
        }

        try
        {
            if (_listener is { } listener)
            {
                // Before anybody looks where to start, so that the listener may seek.
                await listener.OnAssignedAsync(added).ConfigureAwait(false);
            }
        }
        finally
        {
            OnChange();
        }
    }

    private async Task EndGroupAsync(bool isProcessed, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isDisposed || _isEnding)
            {
                return;
            }

            _isEnding = true;
        }

        await EndSessionAsync(isProcessed, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The last commit, and leaving.</summary>
    private async Task EndSessionAsync(bool isProcessed, CancellationToken cancellationToken)
    {
        if (Options.GroupId is null)
        {
            return;
        }

        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(Options.CloseTimeoutMs), Options.TimeProvider);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, Closing);
        await _changing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        GroupSession? session = _session;
        try
        {
            if (isProcessed)
            {
                lock (_gate)
                {
                    ConfirmLocked();
                }
            }

            bool isOut = session is { Identity.Epoch: < 0 };
            if (Options.EnableAutoCommit && !isOut)
            {
                await CommitQuietlyAsync(Options.CloseTimeoutMs, either.Token).ConfigureAwait(false);
            }

            if (session is not null)
            {
                IReadOnlyCollection<TopicAndPartition> owned = Assignment;
                await GiveUpAsync(isOut ? [] : owned, isOut ? owned : []).ConfigureAwait(false);
            }
        }
        finally
        {
            if (session is not null)
            {
                await session.LeaveAsync(either.Token).ConfigureAwait(false);
                _session = null;
                session.Dispose();
            }

            _changing.Release();
        }
    }
}
