using FastLog.Protocol;
using FastLog.Raft;
using Microsoft.Extensions.Logging;

namespace FastLog.Cluster;

/// <summary>
/// The active controller. Takes one request at a time, decides on the newest image, makes the records durable, applies
/// them, and only then answers; so whoever got an answer finds it in <see cref="Current"/> and on disk.
/// </summary>
public sealed partial class Controller : IMetadataListener, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ControllerState _state;
    private readonly ILogger _logger;
    private readonly Action<MetadataDelta> _onChanged;
    private readonly string _clusterId;
    private readonly UnusedRecords _unused = new();

    private MetadataLog? _log;
    private MetadataDraft? _replay;
    private MetadataImage _current;
    private bool _isClosed;

    /// <summary>Creates the controller; it takes requests once <see cref="Attach"/> was called.</summary>
    /// <param name="clusterId">The cluster's id.</param>
    /// <param name="state">The decisions.</param>
    /// <param name="onChanged">Does what a change asks for, just before it becomes <see cref="Current"/>; in order.</param>
    /// <param name="logger">Where changes of topics are told.</param>
    public Controller(
        string clusterId, ControllerState state, Action<MetadataDelta> onChanged, ILogger<Controller> logger)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(onChanged);
        ArgumentNullException.ThrowIfNull(logger);
        _clusterId = clusterId;
        _state = state;
        _onChanged = onChanged;
        _logger = logger;
        _current = MetadataImage.Empty(clusterId);
    }

    /// <summary>
    /// Something changed and <see cref="Current"/> shows it. Called in the controller's turn: whoever listens is quick and
    /// does the rest elsewhere.
    /// </summary>
    public event Action<MetadataDelta>? Published;

    /// <summary>The newest image.</summary>
    public MetadataImage Current => Volatile.Read(ref _current);

    /// <summary>Makes topics. KAFKA_STORAGE_ERROR for all of them if the metadata log cannot be written,
    /// NOT_CONTROLLER when the node stops.</summary>
    /// <param name="topics">The topics.</param>
    /// <param name="validateOnly">Check and answer, but change nothing.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    public async ValueTask<IReadOnlyList<CreateTopicResult>> CreateTopicsAsync(
        IReadOnlyList<NewTopic> topics, bool validateOnly, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var (error, message, results) = await RunAsync(
            image => _state.CreateTopics(image, topics, validateOnly), cancellation).ConfigureAwait(false);
        if (results is null)
        {
            return [.. topics.Select(topic =>
                new CreateTopicResult { Name = topic.Name, Error = error, Message = message })];
        }
        foreach (var made in results.Where(result => result.Error == ErrorCode.None && !validateOnly))
        {
            _logger.LogInformation(
                "Topic {Topic} created: {Partitions} partition(s), id {Id}",
                made.Name,
                made.PartitionsCount,
                Records.UuidText.Format(made.TopicId));
        }
        return results;
    }

    /// <summary>Removes topics. KAFKA_STORAGE_ERROR for all of them if the metadata log cannot be written,
    /// NOT_CONTROLLER when the node stops.</summary>
    /// <param name="topics">The topics, by name or by id.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    public async ValueTask<IReadOnlyList<DeleteTopicResult>> DeleteTopicsAsync(
        IReadOnlyList<TopicReference> topics, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var (error, message, results) = await RunAsync(
            image => _state.DeleteTopics(image, topics), cancellation).ConfigureAwait(false);
        if (results is null)
        {
            return [.. topics.Select(topic => new DeleteTopicResult(topic.Name, topic.Id, error, message))];
        }
        foreach (var removed in results.Where(result => result.Error == ErrorCode.None))
        {
            _logger.LogInformation("Topic {Topic} deleted", removed.Name);
        }
        return results;
    }

    /// <summary>Adds partitions. KAFKA_STORAGE_ERROR for all topics if the metadata log cannot be written.</summary>
    /// <param name="topics">The topics and the counts wanted.</param>
    /// <param name="validateOnly">Check and answer, but change nothing.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    public async ValueTask<IReadOnlyList<CreatePartitionsResult>> CreatePartitionsAsync(
        IReadOnlyList<MorePartitions> topics, bool validateOnly, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(topics);
        var (error, message, results) = await RunAsync(
            image => ControllerState.CreatePartitions(image, topics, validateOnly), cancellation).ConfigureAwait(false);
        return results ?? [.. topics.Select(topic => new CreatePartitionsResult(topic.Name, error, message))];
    }

    /// <summary>Changes configurations; they are in force when this returns. KAFKA_STORAGE_ERROR for all resources if the
    /// metadata log cannot be written, NOT_CONTROLLER when the node stops.</summary>
    /// <param name="alterations">What to change.</param>
    /// <param name="validateOnly">Check and answer, but change nothing.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    public async ValueTask<IReadOnlyList<ConfigAlterationResult>> AlterConfigsAsync(
        IReadOnlyList<ConfigAlteration> alterations, bool validateOnly, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(alterations);
        var (error, message, results) = await RunAsync(
            image => _state.AlterConfigs(image, alterations, validateOnly), cancellation).ConfigureAwait(false);
        if (results is null)
        {
            return [.. alterations.Select(alteration => new ConfigAlterationResult(alteration.Resource, error, message))];
        }
        foreach (var changed in results.Where(result => result.Error == ErrorCode.None && !validateOnly))
        {
            _logger.LogInformation("{Type} '{Name}' configured anew", changed.Resource.Type, changed.Resource.Name);
        }
        return results;
    }

    /// <summary>Gives a broker a block of producer ids; KAFKA_STORAGE_ERROR if the log cannot be written.</summary>
    /// <param name="brokerId">The broker.</param>
    /// <param name="brokerEpoch">Its epoch.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    public async ValueTask<ProducerIdBlock> AllocateProducerIdsAsync(
        int brokerId, long brokerEpoch, CancellationToken cancellation = default)
    {
        var outcome = await RunAsync(
            image => ControllerState.AllocateProducerIds(image, brokerId, brokerEpoch),
            cancellation).ConfigureAwait(false);
        return outcome.Error == ErrorCode.None ? outcome.Result : new ProducerIdBlock(outcome.Error, 0, 0);
    }

    /// <summary>Registers this broker, unfences it and elects it where it can lead.</summary>
    /// <param name="registration">What the broker says of itself.</param>
    /// <param name="find">The directory that holds a partition of a topic on this broker; null where nothing was found,
    /// and as a whole when nobody looked.</param>
    /// <param name="bootstrap">What a new cluster was formatted with; null for the defaults.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    /// <returns>The broker's epoch.</returns>
    /// <exception cref="RaftException">The metadata log cannot be written.</exception>
    public async ValueTask<long> StartBrokerAsync(
        BrokerRegistration registration,
        Func<TopicImage, int, Guid?>? find = null,
        IReadOnlyList<IMetadataRecord>? bootstrap = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(registration);
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await AppendAsync(ControllerState.Bootstrap(Current, bootstrap)).ConfigureAwait(false);
            var decision = ControllerState.RegisterBroker(registration, Log.EndOffset);
            var epoch = await AppendAsync(decision.Records).ConfigureAwait(false);
            Invariant.Check(epoch == decision.Result, "a broker's epoch is the offset of its registration");
            if (find is not null)
            {
                await AppendInChunksAsync(
                    ControllerState.AssignDirectories(Current, registration.BrokerId, find)).ConfigureAwait(false);
            }
            await AppendInChunksAsync(
                ControllerState.ElectAfterRestart(Current, registration.BrokerId)).ConfigureAwait(false);
            return epoch;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Replaces what this broker said of itself; its epoch and its leaderships stay.</summary>
    /// <param name="registration">What the broker says of itself now.</param>
    /// <param name="epoch">The epoch of its present run.</param>
    /// <param name="cancellation">Gives up waiting for the turn; what has begun is completed.</param>
    /// <exception cref="RaftException">The metadata log cannot be written.</exception>
    public async ValueTask UpdateBrokerAsync(
        BrokerRegistration registration, long epoch, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(registration);
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await AppendAsync(ControllerState.RegisterBroker(registration, epoch).Records).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A broker's log directories failed: takes down which it has left, and that it leads nothing in the others.</summary>
    /// <param name="brokerId">The broker.</param>
    /// <param name="findOnline">Asked when its turn has come, as more may fail until then: ids of the directories that are
    /// left.</param>
    /// <returns>False when nothing changed: the metadata has it so already, no directory is left, the metadata log could not
    /// be written, or the node stops.</returns>
    internal async ValueTask<bool> LoseDirectoriesAsync(int brokerId, Func<IReadOnlyList<Guid>> findOnline)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isClosed || Current.FindBroker(brokerId) is not { } broker)
            {
                // One that is not registered yet will name what it has left when it is.
                return false;
            }
            var online = findOnline();
            if (online.Count == 0 || broker.LogDirectoryIds.All(online.Contains))
            {
                return false;
            }
            await AppendInChunksAsync(ControllerState.LoseDirectories(Current, brokerId, online)).ConfigureAwait(false);
            return true;
        }
        catch (RaftException exception)
        {
            _logger.LogError(exception, "The metadata log cannot be written");
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The log that requests are written to; called once, when it is open and led by this node.</summary>
    /// <param name="log">The metadata log, which has replayed into this controller.</param>
    public void Attach(MetadataLog log)
    {
        Invariant.Check(_log is null, "a controller has one log");
        _log = log;
    }

    /// <summary>Lets the request at work finish and answers all others with NOT_CONTROLLER.</summary>
    internal async Task CloseAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        _isClosed = true;
        _turn.Release();
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    void IMetadataListener.OnSnapshot(IReadOnlyList<IMetadataRecord> records, long endOffset, int epoch)
    {
        _replay ??= new MetadataDraft(MetadataImage.Empty(_clusterId));
        _replay.ApplySnapshot(records, endOffset, epoch);
        foreach (var record in records)
        {
            _unused.Count(record);
        }
    }

    void IMetadataListener.OnReplay(IMetadataRecord record, long offset, int epoch)
    {
        _replay ??= new MetadataDraft(MetadataImage.Empty(_clusterId));
        _replay.Apply(record, offset, epoch);
        _unused.Count(record);
    }

    void IMetadataListener.OnReplayed()
    {
        if (_replay is { } draft)
        {
            _replay = null;
            var delta = draft.ToDelta();
            FeatureLevels.Check(delta.After.Features);
            _unused.Warn(_logger);
            Publish(delta);
        }
    }

    void IMetadataListener.OnCommitted(IReadOnlyList<MetadataRecord> records, long baseOffset, int epoch)
    {
        var draft = new MetadataDraft(Current);
        for (var i = 0; i < records.Count; i++)
        {
            draft.Apply(records[i].Record, baseOffset + i, epoch);
        }
        Publish(draft.ToDelta());
    }

    private MetadataLog Log => _log ?? throw new InvalidOperationException("The controller has no log yet.");

    private void Publish(MetadataDelta delta)
    {
        // Clients find a topic in the image: by then its logs must be there to be written to.
        try
        {
            _onChanged(delta);
        }
        finally
        {
            Volatile.Write(ref _current, delta.After);
        }
        Published?.Invoke(delta);
    }

    private async ValueTask<Outcome<TResult>> RunAsync<TResult>(
        Func<MetadataImage, Decision<TResult>> decide, CancellationToken cancellation, bool isAtomic = true)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_isClosed)
            {
                return new Outcome<TResult>(ErrorCode.NotController, "The controller is shutting down.", default);
            }
            var decision = decide(Current);
            if (isAtomic)
            {
                await AppendAsync(decision.Records).ConfigureAwait(false);
            }
            else
            {
                await AppendInChunksAsync(decision.Records).ConfigureAwait(false);
            }
            return new Outcome<TResult>(ErrorCode.None, null, decision.Result);
        }
        catch (RaftException exception)
        {
            _logger.LogError(exception, "The metadata log cannot be written");
            return new Outcome<TResult>(ErrorCode.KafkaStorageError, exception.Message, default);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask AppendInChunksAsync(IReadOnlyList<MetadataRecord> records)
    {
        foreach (var chunk in records.Chunk(ControllerState.PartitionsPerRequestMax))
        {
            await AppendAsync(chunk).ConfigureAwait(false);
        }
    }

    private ValueTask<long> AppendAsync(IReadOnlyList<MetadataRecord> records) =>
        records.Count == 0 ? ValueTask.FromResult(Log.EndOffset) : Log.AppendAsync(records, CancellationToken.None);

    private readonly record struct Outcome<TResult>(ErrorCode Error, string? Message, TResult? Result);
}
