using System.Buffers;
using System.Net;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Load.Sink;

/// <summary>
/// Speaks just enough of the protocol for a producer to be content: says that it has any topic, hands out producer ids,
/// and acknowledges records without looking at them.
/// </summary>
/// <param name="partitionsCount">How many partitions every topic has.</param>
/// <param name="gate">Holds acknowledgements back while it is closed.</param>
internal sealed class SinkProcessor(int partitionsCount, SinkGate gate) : IRequestProcessor
{
    private const int NodeId = 1;

    private static readonly ApiKey[] Apis = [ApiKey.ApiVersions, ApiKey.Metadata, ApiKey.InitProducerId, ApiKey.Produce];

    private long _lastProducerId;

    /// <summary>Where clients reach it; set before the first of them comes.</summary>
    public IPEndPoint EndPoint { get; set; } = new(IPAddress.Loopback, 0);

    /// <inheritdoc/>
    public void OnConnected(Connection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        connection.State = new SinkConnection();
    }

    /// <inheritdoc/>
    public void Process(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(response);
        SinkConnection state = (SinkConnection)connection.State!;
        MessageReader reader = new(frame, state.Strings);
        RequestHeader header = RequestHeader.Decode(ref reader);
        ApiKey api = (ApiKey)header.ApiKey;
        if (!Apis.Contains(api) || !ApiCatalog.Get(api).Versions.Contains(header.ApiVersion))
        {
            response.CloseConnection($"{api} version {header.ApiVersion} is nothing for a sink");
            return;
        }

        switch (api)
        {
            case ApiKey.Produce:
                Acknowledge(state, header, ref reader, response);
                break;
            case ApiKey.Metadata:
                MetadataRequest wanted = new();
                wanted.Decode(ref reader, header.ApiVersion);
                Respond(response, header, Describe(wanted));
                break;
            case ApiKey.InitProducerId:
                Respond(response, header, new InitProducerIdResponse { ProducerId = Interlocked.Increment(ref _lastProducerId) });
                break;
            default:
                Respond(response, header, Versions());
                break;
        }
    }

    private void Acknowledge(SinkConnection state, RequestHeader header, ref MessageReader reader, PendingResponse response)
    {
        ProduceRequest request = state.Request;
        request.Decode(ref reader, header.ApiVersion);
        if (request.Acks == 0)
        {
            response.CompleteWithoutResponse();
            return;
        }

        ProduceResponse answer = state.Response;
        answer.Reset();
        foreach (ProduceRequest.TopicProduceData topic in request.TopicData)
        {
            ProduceResponse.TopicProduceResponse entry = answer.Responses.Add();
            entry.Name = topic.Name;
            foreach (ProduceRequest.PartitionProduceData partition in topic.PartitionData)
            {
                entry.PartitionResponses.Add().Index = partition.Index;
            }
        }

        Write(response, header, answer);
        gate.Pass(response);
    }

    private MetadataResponse Describe(MetadataRequest wanted)
    {
        MetadataResponse response = new() { ClusterId = "sink", ControllerId = NodeId };
        MetadataResponse.MetadataResponseBroker broker = response.Brokers.Add();
        broker.NodeId = NodeId;
        broker.Host = EndPoint.Address.ToString();
        broker.Port = EndPoint.Port;
        foreach (MetadataRequest.MetadataRequestTopic asked in wanted.Topics ?? [])
        {
            MetadataResponse.MetadataResponseTopic topic = response.Topics.Add();
            topic.Name = asked.Name;
            topic.TopicId = asked.TopicId;
            for (int index = 0; index < partitionsCount; index++)
            {
                MetadataResponse.MetadataResponsePartition partition = topic.Partitions.Add();
                partition.PartitionIndex = index;
                partition.LeaderId = NodeId;
                partition.LeaderEpoch = 0;
                partition.ReplicaNodes.Add(NodeId);
                partition.IsrNodes.Add(NodeId);
            }
        }

        return response;
    }

    private static ApiVersionsResponse Versions()
    {
        ApiVersionsResponse response = new();
        foreach (ApiKey key in Apis)
        {
            ApiInfo api = ApiCatalog.Get(key);
            ApiVersionsResponse.ApiVersion entry = response.ApiKeys.Add();
            entry.ApiKey = (short)key;
            entry.MinVersion = api.MinVersion;
            entry.MaxVersion = api.MaxVersion;
        }

        return response;
    }

    private static void Respond(PendingResponse response, RequestHeader header, IMessage message)
    {
        Write(response, header, message);
        response.Complete();
    }

    private static void Write(PendingResponse response, RequestHeader header, IMessage message)
    {
        MessageWriter writer = new(response.Output);
        new ResponseHeader(header.CorrelationId).Encode(ref writer, (ApiKey)header.ApiKey, header.ApiVersion);
        message.Encode(ref writer, header.ApiVersion);
        writer.Flush();
    }
}
