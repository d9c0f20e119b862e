using System.Buffers;
using System.Net;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client.Tests.Fakes;

/// <summary>One broker of a <see cref="FakeCluster"/>.</summary>
internal sealed partial class FakeBroker : IRequestProcessor, IAsyncDisposable
{
    private readonly FakeCluster _cluster;
    private readonly SocketListener _listener;
    private readonly List<(PendingResponse Response, FetchRequest Request, RequestHeader Header)> _waiting = [];

    public FakeBroker(int nodeId, FakeCluster cluster, PinnedBlockPool pool)
    {
        NodeId = nodeId;
        _cluster = cluster;
        _listener = new SocketListener(new NetworkOptions(), this, pool);
        EndPoint = _listener.Start("PLAINTEXT", new IPEndPoint(IPAddress.Loopback, 0));
    }

    public int NodeId { get; }

    public IPEndPoint EndPoint { get; }

    public void DisconnectAll()
    {
        foreach (Connection connection in _listener.Connections)
        {
            connection.Close("test");
        }
    }

    public void Process(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response)
    {
        var reader = new MessageReader(frame);
        RequestHeader header = RequestHeader.Decode(ref reader);
        lock (_cluster.Gate)
        {
            _cluster.Requests.Add((ApiKey)header.ApiKey);
            if (header.ApiVersion > VersionMaxOf(ApiCatalog.Get((ApiKey)header.ApiKey)))
            {
                RefuseVersion(header, response);
                return;
            }

            IRequest request = ApiCatalog.CreateRequest((ApiKey)header.ApiKey);
            request.Decode(ref reader, header.ApiVersion);
            Answer(connection, header, request, response);
        }
    }

    public async ValueTask DisposeAsync() => await _listener.StopAsync(TimeSpan.Zero);

    private void Answer(Connection connection, RequestHeader header, IRequest request, PendingResponse response)
    {
        switch (request)
        {
            case ApiVersionsRequest:
                Complete(header, ApiVersions(), response);
                break;
            case MetadataRequest metadata:
                Complete(header, Metadata(metadata), response);
                break;
            case ProduceRequest produce:
                Produce(connection, header, produce, response);
                break;
            case FetchRequest fetch:
                Fetch(header, fetch, response);
                break;
            case ListOffsetsRequest listOffsets:
                Complete(header, ListOffsets(listOffsets), response);
                break;
            case InitProducerIdRequest:
                Complete(header, new InitProducerIdResponse { ProducerId = _cluster.NextProducerId() }, response);
                break;
            case CreateTopicsRequest create:
                Complete(header, CreateTopics(create), response);
                break;
            case DeleteTopicsRequest delete:
                Complete(header, DeleteTopics(delete), response);
                break;
            default:
                if (!AnswerGroups(header, request, response))
                {
                    connection.Close($"no {request.ApiKey} here");
                }

                break;
        }
    }

    private static void Complete(RequestHeader header, IResponse message, PendingResponse response)
    {
        var writer = new MessageWriter(response.Output);
        new ResponseHeader(header.CorrelationId).Encode(ref writer, (ApiKey)header.ApiKey, header.ApiVersion);
        message.Encode(ref writer, header.ApiVersion);
        writer.Flush();
        response.Complete();
    }

    private short VersionMaxOf(ApiInfo api) => _cluster.VersionMax.GetValueOrDefault(api.Key, api.MaxVersion);

    private void RefuseVersion(RequestHeader header, PendingResponse response)
    {
        Assert.Equal((short)ApiKey.ApiVersions, header.ApiKey);
        ApiVersionsResponse refusal = ApiVersions();
        refusal.ErrorCode = ErrorCode.UnsupportedVersion;
        Complete(header with { ApiVersion = 0 }, refusal, response);
    }

    private ApiVersionsResponse ApiVersions()
    {
        ApiVersionsResponse answer = new();
        foreach (ApiInfo api in ApiCatalog.All)
        {
            ApiVersionsResponse.ApiVersion version = answer.ApiKeys.Add();
            version.ApiKey = (short)api.Key;
            version.MinVersion = api.MinVersion;
            version.MaxVersion = VersionMaxOf(api);
        }

        return answer;
    }

    private MetadataResponse Metadata(MetadataRequest request)
    {
        MetadataResponse answer = new() { ClusterId = "fake", ControllerId = _cluster.Brokers[^1].NodeId };
        foreach (FakeBroker broker in _cluster.Brokers)
        {
            MetadataResponse.MetadataResponseBroker described = answer.Brokers.Add();
            described.NodeId = broker.NodeId;
            described.Host = broker.EndPoint.Address.ToString();
            described.Port = broker.EndPoint.Port;
        }

        IEnumerable<string> names = request.Topics is { } asked
            ? asked.Select(topic => topic.Name!)
            : _cluster.Topics.Select(topic => topic.Key);
        foreach (string name in names.ToList())
        {
            Describe(name, answer, request.AllowAutoTopicCreation);
        }

        return answer;
    }

    private void Describe(string name, MetadataResponse answer, bool mayCreate)
    {
        MetadataResponse.MetadataResponseTopic topic = answer.Topics.Add();
        topic.Name = name;
        if (_cluster.Topic(name) is not { } known)
        {
            topic.ErrorCode = name.Contains('/') ? ErrorCode.InvalidTopicException : ErrorCode.UnknownTopicOrPartition;
            if (mayCreate && _cluster.AutoCreates)
            {
                // As Kafka does: there with the next question only.
                _cluster.Create(name);
            }

            return;
        }

        topic.TopicId = known.Id;
        for (int i = 0; i < known.Partitions.Length; i++)
        {
            MetadataResponse.MetadataResponsePartition partition = topic.Partitions.Add();
            partition.PartitionIndex = i;
            partition.LeaderId = known.Partitions[i].LeaderId;
            partition.LeaderEpoch = known.Partitions[i].LeaderEpoch;
            partition.ReplicaNodes.Add(partition.LeaderId);
            partition.IsrNodes.Add(partition.LeaderId);
        }
    }

    private CreateTopicsResponse CreateTopics(CreateTopicsRequest request)
    {
        CreateTopicsResponse answer = new();
        foreach (CreateTopicsRequest.CreatableTopic topic in request.Topics)
        {
            CreateTopicsResponse.CreatableTopicResult result = answer.Topics.Add();
            result.Name = topic.Name;
            result.NumPartitions = topic.NumPartitions;
            if (_cluster.Topic(topic.Name) is not null)
            {
                result.ErrorCode = ErrorCode.TopicAlreadyExists;
                result.ErrorMessage = "there already";
            }
            else
            {
                _cluster.Create(topic.Name, topic.NumPartitions);
            }
        }

        return answer;
    }

    private DeleteTopicsResponse DeleteTopics(DeleteTopicsRequest request)
    {
        DeleteTopicsResponse answer = new();
        foreach (string name in request.Topics.Select(topic => topic.Name!).Concat(request.TopicNames))
        {
            DeleteTopicsResponse.DeletableTopicResult result = answer.Responses.Add();
            result.Name = name;
            result.ErrorCode = _cluster.Delete(name) ? ErrorCode.None : ErrorCode.UnknownTopicOrPartition;
        }

        return answer;
    }
}
