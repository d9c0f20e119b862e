using System.Buffers;
using System.Net;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Client.Tests.Allocation;

/// <summary>
/// A broker that allocates nothing for Produce and Fetch: it acknowledges and forgets the one, and answers the other with
/// the same bytes under growing offsets, so that what a test counts is the client's.
/// </summary>
internal sealed class QuietBroker : IRequestProcessor, IAsyncDisposable
{
    private readonly PinnedBlockPool _pool = new();
    private readonly SocketListener _listener;
    private readonly StringCache _strings = new();
    private readonly Lock _gate = new();
    private readonly ProduceRequest _produce = new();
    private readonly ProduceResponse _produced = new();
    private readonly FetchRequest _fetch = new();
    private readonly FetchResponse _fetched = new();
    private readonly byte[] _batch;
    private readonly int _recordsPerBatch;
    private readonly Guid _topicId = Guid.NewGuid();

    public QuietBroker(int recordsPerBatch = 1000)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin();
        for (int i = 0; i < recordsPerBatch; i++)
        {
            builder.TryAppend(1, default, true, new byte[100], false);
        }

        _batch = builder.Build().ToArray();
        _recordsPerBatch = recordsPerBatch;
        _listener = new SocketListener(new NetworkOptions(), this, _pool);
        EndPoint = _listener.Start("PLAINTEXT", new IPEndPoint(IPAddress.Loopback, 0));
    }

    public IPEndPoint EndPoint { get; }

    public void Process(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response)
    {
        lock (_gate)
        {
            var reader = new MessageReader(frame, _strings);
            RequestHeader header = RequestHeader.Decode(ref reader);
            switch ((ApiKey)header.ApiKey)
            {
                case ApiKey.Produce:
                    _produce.Decode(ref reader, header.ApiVersion);
                    Complete(header, AnswerProduce(), response);
                    break;
                case ApiKey.Fetch:
                    _fetch.Decode(ref reader, header.ApiVersion);
                    Complete(header, AnswerFetch(), response);
                    break;
                case ApiKey.ApiVersions:
                    Complete(header, Versions(), response);
                    break;
                case ApiKey.Metadata:
                    Complete(header, Metadata(), response);
                    break;
                default:
                    Complete(header, new InitProducerIdResponse { ProducerId = 1 }, response);
                    break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.StopAsync(TimeSpan.Zero);
        _pool.Dispose();
    }

    private static void Complete(RequestHeader header, IResponse message, PendingResponse response)
    {
        var writer = new MessageWriter(response.Output);
        new ResponseHeader(header.CorrelationId).Encode(ref writer, (ApiKey)header.ApiKey, header.ApiVersion);
        message.Encode(ref writer, header.ApiVersion);
        writer.Flush();
        response.Complete();
    }

    private ProduceResponse AnswerProduce()
    {
        _produced.Reset();
        foreach (ProduceRequest.TopicProduceData topic in _produce.TopicData)
        {
            ProduceResponse.TopicProduceResponse answer = _produced.Responses.Add();
            answer.Name = topic.Name;
            foreach (ProduceRequest.PartitionProduceData data in topic.PartitionData)
            {
                answer.PartitionResponses.Add().Index = data.Index;
            }
        }

        return _produced;
    }

    private FetchResponse AnswerFetch()
    {
        FetchRequest.FetchTopic topic = _fetch.Topics[0];
        long offset = topic.Partitions[0].FetchOffset;
        RecordBatchHeader.WriteBaseOffset(_batch, offset);
        _fetched.Reset();
        FetchResponse.FetchableTopicResponse answer = _fetched.Responses.Add();
        answer.TopicId = topic.TopicId;
        FetchResponse.PartitionData data = answer.Partitions.Add();
        data.PartitionIndex = topic.Partitions[0].Partition;
        data.HighWatermark = offset + _recordsPerBatch;
        data.AbortedTransactions = null;
        data.Records = new RecordsField(new ReadOnlySequence<byte>(_batch));
        return _fetched;
    }

    private static ApiVersionsResponse Versions()
    {
        ApiVersionsResponse answer = new();
        foreach (ApiInfo api in ApiCatalog.All)
        {
            ApiVersionsResponse.ApiVersion version = answer.ApiKeys.Add();
            version.ApiKey = (short)api.Key;
            version.MinVersion = api.MinVersion;
            version.MaxVersion = api.MaxVersion;
        }

        return answer;
    }

    private MetadataResponse Metadata()
    {
        MetadataResponse answer = new();
        MetadataResponse.MetadataResponseBroker broker = answer.Brokers.Add();
        broker.NodeId = 1;
        broker.Host = EndPoint.Address.ToString();
        broker.Port = EndPoint.Port;
        MetadataResponse.MetadataResponseTopic topic = answer.Topics.Add();
        topic.Name = "t";
        topic.TopicId = _topicId;
        MetadataResponse.MetadataResponsePartition partition = topic.Partitions.Add();
        partition.LeaderId = 1;
        return answer;
    }
}
