using System.Runtime.CompilerServices;
using FastLog.Protocol;

namespace FastLog.Client;

/// <summary>
/// Reads partitions and fetches ahead of its reader: those that are assigned to it by <see cref="Assign"/>, from any
/// position, or those that its group gives it for what it subscribes to (<see cref="Subscribe(IEnumerable{string}, IRebalanceListener?)"/>).
/// </summary>
/// <remarks>
/// One thread at a time reads, unsubscribes and closes; assigning, seeking, pausing, committing may come from any thread.
/// What is read next comes from <see cref="ReadAsync"/>, a fetch's worth of one partition at a time, in the order of
/// offsets within a partition. Changes of a group's assignment are carried out by the reader, between two reads.
/// </remarks>
public sealed partial class Consumer : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ClusterClient _cluster;
    private readonly Dictionary<TopicAndPartition, AssignedPartition> _assigned = [];
    private readonly Queue<FetchedRecords> _fetched = new();
    private readonly Queue<KafkaException> _errors = new();
    private readonly Stack<FetchedRecords> _spares = new();
    private readonly AsyncSignal _readable = new();
    private readonly CancellationTokenSource _closing = new();
    private bool _isDisposed;

    /// <summary>A consumer that connects when it is first used.</summary>
    /// <exception cref="FormatException">The bootstrap servers are not HOST:PORT.</exception>
    public Consumer(ConsumerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Options = options;
        _cluster = new ClusterClient(options);
        _coordinator = options.GroupId is null ? null : new GroupCoordinator(options.GroupId, _cluster, options);
        _offsets = _coordinator is null ? null : new GroupOffsets(_coordinator);
        _commitsFirst = options is { GroupId: not null, EnableAutoCommit: true, Delivery: DeliverySemantics.AtMostOnce };
        Closing = _closing.Token;
    }

    /// <summary>The settings.</summary>
    public ConsumerOptions Options { get; }

    internal CancellationToken Closing { get; }

    /// <summary>The partitions of a topic.</summary>
    /// <exception cref="KafkaException">There is no such topic, or no broker can be reached.</exception>
    public async Task<IReadOnlyList<TopicAndPartition>> PartitionsOfAsync(
        string topic, CancellationToken cancellationToken = default)
    {
        TopicMetadata metadata = await _cluster.TopicAsync(
            topic, allowAutoTopicCreation: false, Options.ApiTimeoutMs, cancellationToken).ConfigureAwait(false);
        return [.. metadata.Partitions.Select(partition => new TopicAndPartition(topic, partition.Index))];
    }

    /// <summary>Adds all partitions of a topic.</summary>
    /// <exception cref="KafkaException">There is no such topic, or no broker can be reached.</exception>
    public async Task AssignTopicAsync(string topic, StartPosition start, CancellationToken cancellationToken = default)
    {
        foreach (TopicAndPartition partition in await PartitionsOfAsync(topic, cancellationToken).ConfigureAwait(false))
        {
            Assign(partition, start);
        }
    }

    /// <summary>Adds a partition, or moves to another position in one that is there.</summary>
    /// <exception cref="InvalidOperationException">The consumer subscribes: its group assigns.</exception>
    public void Assign(TopicAndPartition partition, StartPosition start)
    {
        lock (_gate)
        {
            ThrowIfSubscribed();
            AddLocked(partition).JumpTo(start);
        }

        OnChange();
    }

    /// <summary>Adds a partition that starts where the group has committed, or where
    /// <see cref="ConsumerOptions.InitialPosition"/> or <see cref="ConsumerOptions.OffsetReset"/> say.</summary>
    /// <exception cref="InvalidOperationException">The consumer has no group, or subscribes.</exception>
    public void AssignAtCommitted(TopicAndPartition partition)
    {
        RequireGroup();
        lock (_gate)
        {
            ThrowIfSubscribed();
            AddLocked(partition).JumpToCommitted();
        }

        OnChange();
    }

    /// <summary>Takes a partition away; what was fetched of it is dropped.</summary>
    /// <exception cref="InvalidOperationException">The consumer subscribes: its group assigns.</exception>
    public void Unassign(TopicAndPartition partition)
    {
        lock (_gate)
        {
            ThrowIfSubscribed();
            RemoveLocked(partition);
        }
    }

    /// <summary>Goes on at another position.</summary>
    /// <exception cref="ArgumentException">The partition is not assigned.</exception>
    public void Seek(TopicAndPartition partition, StartPosition position)
    {
        lock (_gate)
        {
            Require(partition).JumpTo(position);
        }

        OnChange();
    }

    /// <summary>Reads nothing of a partition until <see cref="Resume"/>.</summary>
    /// <exception cref="ArgumentException">The partition is not assigned.</exception>
    public void Pause(TopicAndPartition partition)
    {
        lock (_gate)
        {
            Require(partition).Pause();
        }
    }

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    /// <exception cref="ArgumentException">The partition is not assigned.</exception>
    public void Resume(TopicAndPartition partition)
    {
        lock (_gate)
        {
            Require(partition).Resume();
        }

        OnChange();
    }

    /// <summary>The offset after the last record that was read and, where <see cref="FetchedRecords.TakeUntil"/> said so, taken,
    /// or where reading starts; null while that is not known.</summary>
    /// <exception cref="ArgumentException">The partition is not assigned.</exception>
    public long? Position(TopicAndPartition partition)
    {
        lock (_gate)
        {
            long position = Require(partition).Taken;
            return position < 0 ? null : position;
        }
    }

    /// <summary>The end of the partition as of the last fetch; null before the first.</summary>
    /// <exception cref="ArgumentException">The partition is not assigned.</exception>
    public long? HighWatermark(TopicAndPartition partition)
    {
        lock (_gate)
        {
            long highWatermark = Require(partition).HighWatermark;
            return highWatermark < 0 ? null : highWatermark;
        }
    }

    /// <summary>Waits for records. The caller disposes them, and reads on meanwhile or after.</summary>
    /// <exception cref="KafkaException">Reading a partition failed for good; reading the others can go on.</exception>
    public ValueTask<FetchedRecords> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead(out FetchedRecords? records)
            ? new ValueTask<FetchedRecords>(records)
            : WaitAndReadAsync(cancellationToken);

    /// <summary>Takes records that are there already; false when there are none, or when the group has changes that
    /// <see cref="ReadAsync"/> has to carry out first.</summary>
    /// <exception cref="KafkaException">Reading a partition failed for good; reading the others can go on.</exception>
    public bool TryRead([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FetchedRecords? records)
    {
        bool mustChangeFirst = PollGroup();
        while (true)
        {
            bool isStale;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                ConfirmLocked();
                if (_errors.TryDequeue(out KafkaException? error))
                {
                    throw new KafkaException(error.ErrorCode, error.Message, error);
                }

                records = null;
                if (mustChangeFirst || !(_commitsFirst ? _cleared : _fetched).TryDequeue(out records))
                {
                    return false;
                }

                isStale = records.Generation != records.Assigned.Generation;
                if (!isStale)
                {
                    LendLocked(records);
                    return true;
                }
            }

            records.Dispose();
        }
    }

    /// <summary>All records from now on, one at a time, as objects of their own. Who stops in between reads on after the
    /// last record that was taken; a commit in between commits up to there, and that record with it.</summary>
    /// <exception cref="KafkaException">Reading a partition failed for good, also because a record is damaged: who goes on
    /// comes to it again, unless he seeks past it.</exception>
    public async IAsyncEnumerable<ConsumedRecord> RecordsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            using FetchedRecords fetched = await ReadAsync(cancellationToken).ConfigureAwait(false);
            // Also when they turn out to be damaged.
            fetched.TakeUntil(fetched.WantedOffset);
            foreach (ConsumedRecord record in fetched.ToList())
            {
                fetched.TakeUntil(record.Offset + 1);
                yield return record;
            }

            fetched.TakeUntil(fetched.NextOffset);
        }
    }

    /// <summary>Leaves the group, stops fetching and closes the connections. What was read last is not taken for processed,
    /// see <see cref="CloseAsync"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndGroupAsync(isProcessed: false, CancellationToken.None).ConfigureAwait(false);
        List<FetchedRecords> unread;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            unread = [.. _fetched, .. _cleared];
            _fetched.Clear();
            _cleared.Clear();
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        unread.ForEach(records => records.Dispose());
        await _cluster.DisposeAsync().ConfigureAwait(false);
        await EndLoopsAsync().ConfigureAwait(false);
        await (_autoCommits ?? Task.CompletedTask).ConfigureAwait(false);
        _readable.Set();
        foreach (FetchedRecords spare in _spares)
        {
            spare.ReleaseBuffers();
        }

        _closing.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<FetchedRecords> WaitAndReadAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static signal => ((AsyncSignal)signal!).Set(), _readable);
        FetchedRecords? records;
        while (!TryRead(out records))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_session is { HasStep: true } session)
            {
                await ChangeAssignmentAsync(session).ConfigureAwait(false);
            }
            else if (!_commitsFirst || !await CommitFetchedAsync(cancellationToken).ConfigureAwait(false))
            {
                await WaitReadableAsync().ConfigureAwait(false);
            }
        }

        return records;
    }

    private AssignedPartition AddLocked(TopicAndPartition partition)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (!_assigned.TryGetValue(partition, out AssignedPartition? assigned))
        {
            assigned = new AssignedPartition(partition, Options.GroupId is null ? null : new PartitionProgress());
            _assigned.Add(partition, assigned);
            TakeLeader(assigned, _cluster.Metadata);
        }

        return assigned;
    }

    private void RemoveLocked(TopicAndPartition partition)
    {
        if (_assigned.Remove(partition, out AssignedPartition? assigned))
        {
            assigned.Pause();
        }
    }

    private AssignedPartition Require(TopicAndPartition partition) =>
        _assigned.TryGetValue(partition, out AssignedPartition? assigned)
            ? assigned
            : throw new ArgumentException($"{partition} is not assigned to this consumer");
}
