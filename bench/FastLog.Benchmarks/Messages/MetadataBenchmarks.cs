using BenchmarkDotNet.Attributes;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Benchmarks.Messages;

public class MetadataBenchmarks : MessageBenchmarks<MetadataRequest, MetadataResponse>
{
    private static readonly Guid TopicId = new("0b5e0000-0000-4000-8000-000000000004");

    [Params(1, 64)]
    public int Partitions { get; set; }

    protected override void Fill(MetadataRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Topics = [];
        request.Topics.Add().Name = "orders";
    }

    protected override void Fill(MetadataResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.ClusterId = "benchmarks";
        response.ControllerId = 1;
        MetadataResponse.MetadataResponseBroker broker = response.Brokers.Add();
        broker.NodeId = 1;
        broker.Host = "broker-1.example.org";
        broker.Port = 9092;
        MetadataResponse.MetadataResponseTopic topic = response.Topics.Add();
        topic.Name = "orders";
        topic.TopicId = TopicId;
        for (int number = 0; number < Partitions; number++)
        {
            MetadataResponse.MetadataResponsePartition partition = topic.Partitions.Add();
            partition.PartitionIndex = number;
            partition.LeaderId = 1;
            partition.LeaderEpoch = 3;
            partition.ReplicaNodes.Add(1);
            partition.IsrNodes.Add(1);
        }
    }
}
