using System.Collections.Frozen;
using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <content>Keeps leaders and positions known: one loop that runs while something is missing.</content>
public sealed partial class Consumer
{
    private const int PausedFetchCheckMs = 100;

    private readonly Dictionary<int, BrokerFetcher> _fetchers = [];
    private readonly AsyncSignal _upkeepWake = new();
    private Task? _upkeep;
    private bool _areLeadersStale;
    private uint _fetchTurn;

    /// <summary>A partition's leader is not where it was.</summary>
    internal void OnLeadersStale()
    {
        lock (_gate)
        {
            _areLeadersStale = true;
        }

        _upkeepWake.Set();
    }

    /// <summary>Something was assigned, moved or resumed.</summary>
    private void OnChange()
    {
        lock (_gate)
        {
            _upkeep ??= Task.Run(UpkeepAsync);
            if (Options is { GroupId: not null, EnableAutoCommit: true } && !_commitsFirst)
            {
                _autoCommits ??= Task.Run(CommitEverySoOftenAsync);
            }
        }

        _upkeepWake.Set();
    }

    private async Task UpkeepAsync()
    {
        RetryBackoff backoff = RetryBackoff.From(Options);
        int failures = 0;
        while (!Closing.IsCancellationRequested)
        {
            // What one partition waits for is no reason to keep the others waiting.
            bool isComplete = await TryAsync(RefreshLeadersAsync).ConfigureAwait(false);
            isComplete &= await TryAsync(FindCommittedAsync).ConfigureAwait(false);
            isComplete &= await TryAsync(ResolvePositionsAsync).ConfigureAwait(false);
            WakeFetchers();
            failures = isComplete ? 0 : failures + 1;
            await RestAsync(failures == 0 ? null : backoff.After(failures)).ConfigureAwait(false);
        }
    }

    private async Task<bool> TryAsync(Func<Task<bool>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception e) when (e is KafkaException or OperationCanceledException or ObjectDisposedException)
        {
            Options.Logger.LogDebug("consumer upkeep: {Reason}", e.Message);
            return false;
        }
    }

    /// <summary>Waits for a change; not longer than <paramref name="pause"/> after a failure, and as long then.</summary>
    private async Task RestAsync(TimeSpan? pause)
    {
        if (pause is { } backoff)
        {
            await Task.Delay(backoff, Options.TimeProvider, Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }

        // Partitions that wait out an error have nobody else to wake their fetcher.
        TimeSpan due = TimeSpan.FromMilliseconds(AnyWaitsOutAnError() ? PausedFetchCheckMs : Options.MetadataAgeMsMax);
        bool hasTimedOut = false;
        await using (Options.TimeProvider.CreateTimer(
            _ =>
            {
                Volatile.Write(ref hasTimedOut, true);
                _upkeepWake.Set();
            },
            null,
            due,
            Timeout.InfiniteTimeSpan))
        {
            await _upkeepWake.WaitAsync().ConfigureAwait(false);
        }

        if (Volatile.Read(ref hasTimedOut) && due.TotalMilliseconds >= Options.MetadataAgeMsMax)
        {
            OnLeadersStale();
        }
    }

    private bool AnyWaitsOutAnError()
    {
        lock (_gate)
        {
            return _assigned.Values.Any(partition => partition.Failures > 0);
        }
    }

    /// <summary>Learns the leaders, when some are not known; false when some still are not.</summary>
    private async Task<bool> RefreshLeadersAsync()
    {
        string[] topics;
        lock (_gate)
        {
            bool isNeeded = _areLeadersStale || _assigned.Values.Any(partition => partition.LeaderId < 0);
            if (!isNeeded)
            {
                return true;
            }

            topics = [.. _assigned.Keys.Select(partition => partition.Topic).Distinct()];
        }

        FrozenDictionary<string, ErrorCode> errors =
            await _cluster.RefreshAsync(topics, allowAutoTopicCreation: false, Closing).ConfigureAwait(false);
        bool isUnknown = false;
        lock (_gate)
        {
            _areLeadersStale = false;
            foreach ((_, AssignedPartition partition) in _assigned)
            {
                TakeLeader(partition, _cluster.Metadata);
                isUnknown |= partition.LeaderId < 0;
                ErrorCode error = errors.GetValueOrDefault(partition.Name.Topic);
                if (error != ErrorCode.None && !error.IsRetriable() && !partition.HasFailed)
                {
                    FailLocked(partition, KafkaException.For(error, partition.Name.ToString()));
                }
            }
        }

        _readable.Set();
        return !isUnknown;
    }

    private static void TakeLeader(AssignedPartition partition, ClusterMetadata metadata)
    {
        TopicMetadata? topic = metadata.Topic(partition.Name.Topic);
        PartitionMetadata? known = topic is not null && (uint)partition.Name.Partition < (uint)topic.Partitions.Count
            ? topic.Partitions[partition.Name.Partition]
            : null;
        partition.TopicId = topic?.Id ?? Guid.Empty;
        partition.LeaderId = known?.LeaderId ?? -1;
        partition.LeaderEpoch = known?.LeaderEpoch ?? -1;
    }

    /// <summary>Asks for the offsets of partitions that start at a place without one; false when some are still open.</summary>
    private async Task<bool> ResolvePositionsAsync()
    {
        List<(AssignedPartition Partition, int Generation, StartPosition Start)> open;
        lock (_gate)
        {
            open = [.. _assigned.Values
                .Where(partition => partition.Start is not null && partition.LeaderId >= 0 && !partition.HasFailed)
                .Select(partition => (partition, partition.Generation, partition.Start!.Value))];
        }

        bool isComplete = true;
        foreach (var ofLeader in open.GroupBy(item => item.Partition.LeaderId).ToList())
        {
            BrokerConnection connection = await _cluster.BrokerAsync(ofLeader.Key, ConnectionUse.Requests, Closing)
                .ConfigureAwait(false);
            Dictionary<TopicAndPartition, FoundOffset> found = await OffsetLookup.AskAsync(
                connection,
                ofLeader.Select(item => (item.Partition.Name, item.Start.ListOffsetsTimestamp)),
                Options.IsolationLevel,
                Closing).ConfigureAwait(false);
            foreach ((AssignedPartition partition, int generation, _) in ofLeader)
            {
                FoundOffset offset = found.GetValueOrDefault(
                    partition.Name, new FoundOffset(ErrorCode.UnknownTopicOrPartition, -1, -1, -1));
                isComplete &= TryResolve(partition, generation, offset);
            }
        }

        return isComplete;
    }

    private bool TryResolve(AssignedPartition partition, int generation, FoundOffset found)
    {
        lock (_gate)
        {
            if (partition.Generation != generation)
            {
                return false;
            }

            if (found.ErrorCode == ErrorCode.None && found.Offset >= 0)
            {
                partition.Resolve(found.Offset);
                return true;
            }

            if (found.ErrorCode == ErrorCode.None)
            {
                // No record is that late: at the end, which takes another question.
                partition.JumpTo(StartPosition.Latest);
                return false;
            }

            if (!found.ErrorCode.IsRetriable())
            {
                FailLocked(partition, KafkaException.For(found.ErrorCode, partition.Name.ToString()));
                _readable.Set();
                return true;
            }

            _areLeadersStale |= found.ErrorCode.RefreshesMetadata();
            return false;
        }
    }

    private void WakeFetchers()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            foreach (int leaderId in _assigned.Values.Select(partition => partition.LeaderId).Where(id => id >= 0).Distinct())
            {
                if (!_fetchers.ContainsKey(leaderId))
                {
                    _fetchers.Add(leaderId, new BrokerFetcher(leaderId, this, _cluster));
                }
            }

            foreach ((_, BrokerFetcher fetcher) in _fetchers)
            {
                fetcher.Wake();
            }
        }
    }

    private async Task EndLoopsAsync()
    {
        _upkeepWake.Set();
        await (_upkeep ?? Task.CompletedTask).ConfigureAwait(false);
        foreach ((_, BrokerFetcher fetcher) in _fetchers)
        {
            fetcher.Wake();
            await fetcher.Ended.ConfigureAwait(false);
        }
    }
}
