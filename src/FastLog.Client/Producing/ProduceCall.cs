using System.Runtime.CompilerServices;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <summary>One produce request on its way. Reused by its sender; costs no allocation once its lists have grown.</summary>
internal sealed class ProduceCall
{
    private readonly BrokerSender _sender;
    private readonly Action _onAnswered;
    private readonly Action _onSentOneWay;
    private readonly ProduceRequest _request = new();
    private readonly ProduceResponse _response = new();
    private readonly List<ProducerBatch> _batches = [];
    private ConfiguredValueTaskAwaitable<ResponseFrame>.ConfiguredValueTaskAwaiter _answer;
    private ConfiguredValueTaskAwaitable.ConfiguredValueTaskAwaiter _sentOneWay;
    private BrokerConnection? _connection;
    private short _version;

    public ProduceCall(BrokerSender sender)
    {
        _sender = sender;
        _onAnswered = OnAnswered;
        _onSentOneWay = OnSentOneWay;
    }

    public bool IsEmpty => _batches.Count == 0;

    public void Add(ProducerBatch batch) => _batches.Add(batch);

    /// <summary>Builds the batches and sends them. Ends, later or before it returns, in the sender's
    /// <see cref="BrokerSender.OnEnded"/>.</summary>
    public void Send(BrokerConnection connection, ProducerOptions options)
    {
        _connection = connection;
        _version = connection.VersionOf(ApiKey.Produce);
        Fill(options);
#pragma warning disable CA2012 // Awaited by hand, once: an async method would allocate with every request.
        if (options.Acks == Acks.None)
        {
            _sentOneWay = connection.SendOneWayAsync(_request, _version).ConfigureAwait(false).GetAwaiter();
            Continue(_sentOneWay.IsCompleted, ref _sentOneWay, _onSentOneWay);
        }
        else
        {
            _answer = connection.SendAsync(_request, _version).ConfigureAwait(false).GetAwaiter();
            Continue(_answer.IsCompleted, ref _answer, _onAnswered);
        }
#pragma warning restore CA2012
    }

    /// <summary>Gives every batch back with the same error and without an answer.</summary>
    public void FailAll(ErrorCode error, string reason)
    {
        foreach (ProducerBatch batch in _batches)
        {
            _sender.OnReturned(batch, error, reason, -1, -1);
        }

        End();
    }

    private static void Continue<TAwaiter>(bool isCompleted, ref TAwaiter awaiter, Action continuation)
        where TAwaiter : ICriticalNotifyCompletion
    {
        if (isCompleted)
        {
            continuation();
        }
        else
        {
            awaiter.UnsafeOnCompleted(continuation);
        }
    }

    private void Fill(ProducerOptions options)
    {
        _request.Reset();
        _request.Acks = (short)options.Acks;
        _request.TimeoutMs = options.RequestTimeoutMs;
        foreach (ProducerBatch batch in _batches)
        {
            batch.Build();
            ProduceRequest.PartitionProduceData data = TopicOf(batch).PartitionData.Add();
            data.Index = batch.Partition!.Index;
            data.Records = new RecordsField(batch.Records);
        }
    }

    private ProduceRequest.TopicProduceData TopicOf(ProducerBatch batch)
    {
        string topic = batch.Partition!.Topic;
        // Most likely the last one: partitions of a topic become active together.
        for (int i = _request.TopicData.Count - 1; i >= 0; i--)
        {
            if (_request.TopicData[i].Name == topic)
            {
                return _request.TopicData[i];
            }
        }

        ProduceRequest.TopicProduceData added = _request.TopicData.Add();
        added.Name = topic;
        return added;
    }

    private void OnSentOneWay()
    {
        try
        {
            _sentOneWay.GetResult();
        }
        catch (ConnectionLostException e)
        {
            FailAll(ErrorCode.NetworkException, e.Message);
            return;
        }

        foreach (ProducerBatch batch in _batches)
        {
            _sender.OnReturned(batch, ErrorCode.None, null, -1, -1);
        }

        End();
    }

    private void OnAnswered()
    {
        try
        {
            using ResponseFrame frame = _answer.GetResult();
            _connection!.Decode(frame, _response, _version);
        }
        catch (ConnectionLostException e)
        {
            FailAll(ErrorCode.NetworkException, e.Message);
            return;
        }
        catch (KafkaException e)
        {
            // Whether the broker stored the batches is not known, so they must not come under another number.
            BrokerSender.OnUnreadable(_connection!);
            FailAll(ErrorCode.NetworkException, e.Message);
            return;
        }

        foreach (ProduceResponse.TopicProduceResponse topic in _response.Responses)
        {
            foreach (ProduceResponse.PartitionProduceResponse partition in topic.PartitionResponses)
            {
                if (TakeBatch(topic.Name, partition.Index) is { } batch)
                {
                    _sender.OnReturned(
                        batch, partition.ErrorCode, TextOf(partition), partition.BaseOffset, partition.LogAppendTimeMs);
                }
            }
        }

        // A partition that the broker says nothing of is asked for again.
        FailAll(ErrorCode.NetworkException, "the response does not speak of the partition");
    }

    private static string? TextOf(ProduceResponse.PartitionProduceResponse partition) =>
        partition.ErrorMessage ?? (partition.RecordErrors.Count > 0
            ? partition.RecordErrors[0].BatchIndexErrorMessage
            : null);

    private ProducerBatch? TakeBatch(string topic, int partition)
    {
        for (int i = 0; i < _batches.Count; i++)
        {
            ProducerBatch batch = _batches[i];
            if (batch.Partition!.Index == partition && batch.Partition.Topic == topic)
            {
                // The order of those that are left means nothing.
                _batches[i] = _batches[^1];
                _batches.RemoveAt(_batches.Count - 1);
                return batch;
            }
        }

        return null;
    }

    private void End()
    {
        _batches.Clear();
        _answer = default;
        _sentOneWay = default;
        _connection = null;
        _sender.OnEnded(this);
    }
}
