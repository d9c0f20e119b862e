using System.Buffers;
using System.Runtime.CompilerServices;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <summary>
/// Fetches from one broker, one request after another: the next one is on its way as soon as a response was looked
/// through, while its records still wait to be read, as long as not too many wait.
/// </summary>
internal sealed class BrokerFetcher
{
    private const short FirstVersionWithTopicIds = 13;

    private readonly int _nodeId;
    private readonly Consumer _consumer;
    private readonly ClusterClient _cluster;
    private readonly AsyncSignal _wake = new();
    private readonly Lock _framesGate = new();
    private readonly Stack<FetchedFrame> _freeFrames = new();
    private readonly FetchRequest _request = new();
    private readonly FetchResponse _response = new();
    private readonly List<FetchAsk> _asked = [];
    private int _framesBuffered;
    private int _failures;

    public BrokerFetcher(int nodeId, Consumer consumer, ClusterClient cluster)
    {
        _nodeId = nodeId;
        _consumer = consumer;
        _cluster = cluster;
        Ended = Task.Run(RunAsync);
    }

    /// <summary>Ends after the consumer was closed.</summary>
    public Task Ended { get; }

    private ConsumerOptions Options => _consumer.Options;

    /// <summary>There may be something new to fetch.</summary>
    public void Wake() => _wake.Set();

    public void OnFrameReleased(FetchedFrame frame)
    {
        lock (_framesGate)
        {
            _freeFrames.Push(frame);
        }

        Interlocked.Decrement(ref _framesBuffered);
        _wake.Set();
    }

    private async Task RunAsync()
    {
        while (!_consumer.Closing.IsCancellationRequested)
        {
            if (Volatile.Read(ref _framesBuffered) >= Options.FetchesBufferedMax || !PrepareRequest())
            {
                await _wake.WaitAsync().ConfigureAwait(false);
                continue;
            }

            try
            {
                await FetchAsync().ConfigureAwait(false);
                _failures = 0;
            }
            catch (Exception e) when (e is KafkaException or ConnectionLostException or ObjectDisposedException
                or OperationCanceledException)
            {
                if (!_consumer.Closing.IsCancellationRequested)
                {
                    await RecoverAsync(e).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task RecoverAsync(Exception e)
    {
        Options.Logger.LogDebug("fetching from broker {NodeId}: {Reason}", _nodeId, e.Message);
        if (e is KafkaException { IsRetriable: false } fatal)
        {
            _consumer.Fail(_asked, fatal);
        }

        _failures++;
        _consumer.OnLeadersStale();
        await Task.Delay(RetryBackoff.From(Options).After(_failures), Options.TimeProvider, _consumer.Closing)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FetchAsync()
    {
        BrokerConnection connection = await _cluster.BrokerAsync(_nodeId, ConnectionUse.Fetch, _consumer.Closing)
            .ConfigureAwait(false);
        bool hasIds = _asked.TrueForAll(asked => asked.Partition.TopicId != Guid.Empty);
        short version = connection.VersionOf(
            ApiKey.Fetch, hasIds ? short.MaxValue : (short)(FirstVersionWithTopicIds - 1));
        ResponseFrame response = await connection.SendAsync(_request, version).ConfigureAwait(false);
        FetchedFrame frame = RentFrame();
        frame.Take(response);
        try
        {
            connection.Decode(response, _response, version);
            if (_response.ErrorCode != ErrorCode.None)
            {
                throw KafkaException.For(_response.ErrorCode, $"fetch from {connection.Endpoint}");
            }

            TakeResponse(frame);
        }
        finally
        {
            frame.Release();
        }
    }

    private FetchedFrame RentFrame()
    {
        Interlocked.Increment(ref _framesBuffered);
        lock (_framesGate)
        {
            return _freeFrames.TryPop(out FetchedFrame? free) ? free : new FetchedFrame(this);
        }
    }

    /// <summary>Makes the request for all partitions that can be fetched from this broker; false when there are none.
    /// </summary>
    private bool PrepareRequest()
    {
        _asked.Clear();
        _consumer.CollectFetchable(_nodeId, _asked);
        if (_asked.Count == 0)
        {
            return false;
        }

        _request.Reset();
        _request.ReplicaId = -1;
        _request.MaxWaitMs = Options.FetchMaxWaitMs;
        _request.MinBytes = Options.FetchMinBytes;
        _request.MaxBytes = Options.FetchMaxBytes;
        _request.IsolationLevel = (sbyte)Options.IsolationLevel;
        FetchRequest.FetchTopic? topic = null;
        foreach ((AssignedPartition partition, _, long offset) in _asked)
        {
            if (topic is null || topic.Topic != partition.Name.Topic)
            {
                topic = TopicOf(partition);
            }

            FetchRequest.FetchPartition wanted = topic.Partitions.Add();
            wanted.Partition = partition.Name.Partition;
            wanted.CurrentLeaderEpoch = partition.LeaderEpoch;
            wanted.FetchOffset = offset;
            wanted.PartitionMaxBytes = Options.MaxPartitionFetchBytes;
        }

        return true;
    }

    private FetchRequest.FetchTopic TopicOf(AssignedPartition partition)
    {
        foreach (FetchRequest.FetchTopic topic in _request.Topics)
        {
            if (topic.Topic == partition.Name.Topic)
            {
                return topic;
            }
        }

        FetchRequest.FetchTopic added = _request.Topics.Add();
        added.Topic = partition.Name.Topic;
        added.TopicId = partition.TopicId;
        return added;
    }

    private void TakeResponse(FetchedFrame frame)
    {
        int turn = 0;
        foreach (FetchResponse.FetchableTopicResponse topic in _response.Responses)
        {
            foreach (FetchResponse.PartitionData data in topic.Partitions)
            {
                if (Find(topic, data.PartitionIndex, ref turn) is not { } asked)
                {
                    continue;
                }

                if (data.ErrorCode != ErrorCode.None)
                {
                    _consumer.OnFetchError(asked, data.ErrorCode);
                }
                else
                {
                    TakeRecords(frame, asked, data);
                }
            }
        }
    }

    private void TakeRecords(FetchedFrame frame, in FetchAsk asked, FetchResponse.PartitionData data)
    {
        ReadOnlySequence<byte> bytes = data.Records.Bytes;
        if (!FetchedBatches.TryCut(ref bytes, out long nextOffset, out int leaderEpoch))
        {
            KafkaException tooLarge = KafkaException.For(
                ErrorCode.CorruptMessage, asked.Partition.Name.ToString(), "what was fetched does not start with a whole batch");
            _consumer.Fail(asked, tooLarge);
            return;
        }

        _consumer.OnFetched(frame, asked, (nextOffset, leaderEpoch), bytes, data);
    }

    /// <summary>The partition that a part of the response speaks of; parts mostly come in the order of the request.</summary>
    private FetchAsk? Find(FetchResponse.FetchableTopicResponse topic, int index, ref int turn)
    {
        for (int tried = 0; tried < _asked.Count; tried++)
        {
            FetchAsk asked = _asked[turn];
            AssignedPartition partition = asked.Partition;
            turn = (turn + 1) % _asked.Count;
            bool isTopic = topic.TopicId != Guid.Empty
                ? partition.TopicId == topic.TopicId
                : partition.Name.Topic == topic.Topic;
            if (isTopic && partition.Name.Partition == index)
            {
                return asked;
            }
        }

        return null;
    }
}
