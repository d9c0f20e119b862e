using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <content>Committing, and starting where the group has committed.</content>
public sealed partial class Consumer
{
    private readonly GroupOffsets? _offsets;
    private readonly bool _commitsFirst;
    private readonly SemaphoreSlim _committing = new(1, 1);
    private readonly List<PartitionProgress> _toConfirm = [];
    private readonly Queue<FetchedRecords> _cleared = new();
    private Task? _autoCommits;

    /// <summary>Commits the position in every partition: all records that were read are processed, the application says, but
    /// for those that it has said not to have taken yet (<see cref="FetchedRecords.TakeUntil"/>, <see cref="RecordsAsync"/>).
    /// </summary>
    /// <param name="cancellationToken">Gives up; whether anything was committed is not known then.</param>
    /// <exception cref="KafkaException">As in <see cref="CommitAsync(IReadOnlyDictionary{TopicAndPartition, OffsetAndMetadata}, CancellationToken)"/>.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default) =>
        CommitAsync(Positions(), cancellationToken);

    /// <summary>Commits offsets, each that of the next record to be read; tries again while that may help, up to
    /// <see cref="ClientOptions.ApiTimeoutMs"/> (commitSync).</summary>
    /// <param name="offsets">What to commit.</param>
    /// <param name="cancellationToken">Gives up; whether anything was committed is not known then.</param>
    /// <exception cref="InvalidOperationException">The consumer has no group.</exception>
    /// <exception cref="KafkaException">RebalanceInProgress: the partitions may just be given to another member, read on and
    /// commit then; IllegalGeneration, UnknownMemberId, FencedMemberEpoch: they may have been; others.</exception>
    public Task CommitAsync(
        IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata> offsets, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        RequireGroup();
        return CommitAsync(offsets, Options.ApiTimeoutMs, static error => error == ErrorCode.UnknownTopicOrPartition, cancellationToken);
    }

    /// <summary>Commits the position in every partition, or given offsets, with one attempt; need not be awaited (commitAsync).
    /// Commits take effect in the order they were made in.</summary>
    /// <param name="offsets">What to commit; null for all positions.</param>
    /// <exception cref="InvalidOperationException">The consumer has no group.</exception>
    /// <exception cref="KafkaException">From the returned task: whatever kept the offsets from being committed.</exception>
    public Task CommitOnceAsync(IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata>? offsets = null)
    {
        RequireGroup();
        return CommitAsync(offsets ?? Positions(), 0, null, Closing);
    }

    /// <summary>What the group has committed.</summary>
    /// <param name="partitions">Any partitions, assigned or not.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The offsets; partitions without one are missing.</returns>
    /// <exception cref="InvalidOperationException">The consumer has no group.</exception>
    /// <exception cref="KafkaException">GroupAuthorizationFailed, ...</exception>
    public async Task<IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata>> CommittedAsync(
        IReadOnlyCollection<TopicAndPartition> partitions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        RequireGroup();
        return await _coordinator!.AskAsync(
            connection => _offsets!.FetchAsync(connection, partitions, Identity(), cancellationToken),
            Options.ApiTimeoutMs,
            static error => error is ErrorCode.StaleMemberEpoch or ErrorCode.UnknownTopicOrPartition,
            cancellationToken).ConfigureAwait(false);
    }

    private GroupIdentity Identity() => _session?.Identity ?? GroupIdentity.Nobody;

    private Dictionary<TopicAndPartition, OffsetAndMetadata> Positions()
    {
        RequireGroup();
        Dictionary<TopicAndPartition, OffsetAndMetadata> positions = [];
        lock (_gate)
        {
            foreach ((TopicAndPartition name, AssignedPartition partition) in _assigned)
            {
                if (partition.Taken >= 0)
                {
                    partition.Progress!.ConfirmUpTo(partition.Taken, partition.PositionEpoch);
                    positions[name] = partition.Progress.Confirmed;
                }
            }
        }

        return positions;
    }

    /// <summary>Commits one after the other: a late attempt of an earlier one must not undo a later one.</summary>
    private async Task CommitAsync(
        IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata> offsets,
        int timeoutMs,
        Func<ErrorCode, bool>? isRetriable,
        CancellationToken cancellationToken)
    {
        if (offsets.Count == 0)
        {
            return;
        }

        await _committing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Until there is an answer nobody knows, and not after a failure either.
            OnCommitted(offsets.Keys, static _ => PartitionProgress.Unknown);
            int epoch = -1;
            await _coordinator!.AskAsync(
                connection =>
                {
                    GroupIdentity identity = Identity();
                    epoch = identity.Epoch;
                    return _offsets!.CommitAsync(connection, offsets, identity, cancellationToken);
                },
                timeoutMs,
                error => isRetriable?.Invoke(error) == true
                    || (error == ErrorCode.StaleMemberEpoch && Identity().Epoch > epoch),
                cancellationToken).ConfigureAwait(false);
            OnCommitted(offsets.Keys, partition => offsets[partition].Offset);
        }
        finally
        {
            _committing.Release();
        }
    }

    private void OnCommitted(IEnumerable<TopicAndPartition> partitions, Func<TopicAndPartition, long> offsetOf)
    {
        lock (_gate)
        {
            foreach (TopicAndPartition name in partitions)
            {
                if (_assigned.GetValueOrDefault(name)?.Progress is { } progress)
                {
                    progress.Committed = offsetOf(name);
                }
            }
        }
    }

    /// <summary>Commits what automatic commits may, where it is not committed yet. What fails is read again by whoever gets
    /// the partition, and no reason to stop.</summary>
    private async Task CommitQuietlyAsync(int timeoutMs, CancellationToken cancellationToken)
    {
        Dictionary<TopicAndPartition, OffsetAndMetadata> due = [];
        lock (_gate)
        {
            foreach ((TopicAndPartition name, AssignedPartition partition) in _assigned)
            {
                OffsetAndMetadata offset = _commitsFirst
                    ? new OffsetAndMetadata(partition.Taken, partition.PositionEpoch)
                    : partition.Progress!.Confirmed;
                if (offset.Offset >= 0 && offset.Offset != partition.Progress!.Committed)
                {
                    due[name] = offset;
                }
            }
        }

        try
        {
            await CommitAsync(due, timeoutMs, null, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            Options.Logger.LogWarning("group {GroupId}: offsets were not committed: {Reason}", Options.GroupId, e.Message);
        }
    }

    private async Task CommitEverySoOftenAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(Math.Max(1, Options.AutoCommitIntervalMs)), Options.TimeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(Closing).ConfigureAwait(false))
            {
                await CommitQuietlyAsync(Options.AutoCommitIntervalMs, Closing).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private void ConfirmLocked()
    {
        if (_toConfirm.Count > 0)
        {
            foreach (PartitionProgress progress in _toConfirm)
            {
                progress.Confirm();
            }

            _toConfirm.Clear();
        }
    }

    private static void LendLocked(FetchedRecords records)
    {
        AssignedPartition partition = records.Assigned;
        partition.OnDelivered(records);
        if (partition.Progress is { } progress)
        {
            records.LoanNumber = progress.Lend(records.NextOffset, records.LeaderEpoch);
        }
    }

    /// <summary>At most once: commits what was fetched, and only then lets it be read. False when there is nothing.</summary>
    private async Task<bool> CommitFetchedAsync(CancellationToken cancellationToken)
    {
        List<FetchedRecords> fetched = [];
        Dictionary<TopicAndPartition, OffsetAndMetadata> offsets = [];
        lock (_gate)
        {
            while (_fetched.TryDequeue(out FetchedRecords? records))
            {
                fetched.Add(records);
                if (records.Generation == records.Assigned.Generation)
                {
                    offsets[records.Assigned.Name] = new OffsetAndMetadata(records.NextOffset, records.LeaderEpoch);
                }
            }
        }

        bool isCommitted = false;
        try
        {
            await CommitAsync(offsets, cancellationToken).ConfigureAwait(false);
            isCommitted = true;
        }
        catch (KafkaException e) when (IsRebalance(e.ErrorCode))
        {
            // What is still ours after it is fetched again; the reader has a step to do first.
            Options.Logger.LogDebug("group {GroupId}: {Reason}", Options.GroupId, e.Message);
        }
        finally
        {
            Clear(fetched, isCommitted);
        }

        return fetched.Count > 0;
    }

    private static bool IsRebalance(ErrorCode error) => error is ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration
        or ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch or ErrorCode.StaleMemberEpoch;

    private void Clear(List<FetchedRecords> fetched, bool isCommitted)
    {
        List<FetchedRecords> dropped = [];
        lock (_gate)
        {
            foreach (FetchedRecords records in fetched)
            {
                AssignedPartition partition = records.Assigned;
                if (isCommitted && !_isDisposed)
                {
                    _cleared.Enqueue(records);
                    continue;
                }

                dropped.Add(records);
                if (records.Generation == partition.Generation)
                {
                    partition.CutBackTo(partition.Position);
                }
            }
        }

        dropped.ForEach(records => records.Dispose());
        if (!isCommitted)
        {
            OnChange();
        }
    }

    /// <summary>Asks what the group has committed for partitions that start there; false when some are still open.</summary>
    private async Task<bool> FindCommittedAsync()
    {
        List<(AssignedPartition Partition, int Generation)> open;
        lock (_gate)
        {
            open = [.. _assigned.Values.Where(partition => partition.NeedsCommitted && !partition.HasFailed)
                .Select(partition => (partition, partition.Generation))];
        }

        if (open.Count == 0)
        {
            return true;
        }

        Dictionary<TopicAndPartition, OffsetAndMetadata> committed;
        try
        {
            committed = await _coordinator!.AskAsync(
                connection => _offsets!.FetchAsync(
                    connection, [.. open.Select(item => item.Partition.Name)], Identity(), Closing),
                0,
                null,
                Closing).ConfigureAwait(false);
        }
        catch (KafkaException e) when (!IsRebalance(e.ErrorCode) && !e.IsRetriable && !GroupCoordinator.IsWorthRetrying(e.ErrorCode))
        {
            committed = [];
            lock (_gate)
            {
                open.ForEach(item => FailLocked(item.Partition, e));
            }
        }

        lock (_gate)
        {
            foreach ((AssignedPartition partition, int generation) in open)
            {
                if (partition.Generation == generation && partition is { NeedsCommitted: true, HasFailed: false })
                {
                    StartLocked(partition, committed.TryGetValue(partition.Name, out OffsetAndMetadata offset) ? offset : null);
                }
            }
        }

        _readable.Set();
        lock (_gate)
        {
            return !_assigned.Values.Any(partition => partition is { NeedsCommitted: true, HasFailed: false });
        }
    }

    private void StartLocked(AssignedPartition partition, OffsetAndMetadata? committed)
    {
        if (committed is { } there)
        {
            partition.JumpTo(StartPosition.AtOffset(there.Offset), there.LeaderEpoch);
            partition.Progress!.Committed = there.Offset;
        }
        else if (Options.InitialPosition is { } initial)
        {
            partition.JumpTo(initial);
        }
        else if (Options.OffsetReset == OffsetReset.None)
        {
            FailLocked(partition, KafkaException.For(
                ErrorCode.OffsetOutOfRange,
                partition.Name.ToString(),
                $"group {Options.GroupId} has committed nothing for it, and there is no offset reset"));
        }
        else
        {
            partition.JumpTo(Options.OffsetReset == OffsetReset.Earliest ? StartPosition.Earliest : StartPosition.Latest);
        }
    }
}
