using BenchmarkDotNet.Attributes;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Benchmarks.Messages;

public class ListOffsetsBenchmarks : MessageBenchmarks<ListOffsetsRequest, ListOffsetsResponse>
{
    [Params(1, 64)]
    public int Partitions { get; set; }

    protected override void Fill(ListOffsetsRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ReplicaId = -1;
        request.TimeoutMs = 30_000;
        ListOffsetsRequest.ListOffsetsTopic topic = request.Topics.Add();
        topic.Name = "orders";
        for (int number = 0; number < Partitions; number++)
        {
            ListOffsetsRequest.ListOffsetsPartition partition = topic.Partitions.Add();
            partition.PartitionIndex = number;
            partition.Timestamp = -1;
        }
    }

    protected override void Fill(ListOffsetsResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        ListOffsetsResponse.ListOffsetsTopicResponse topic = response.Topics.Add();
        topic.Name = "orders";
        for (int number = 0; number < Partitions; number++)
        {
            ListOffsetsResponse.ListOffsetsPartitionResponse partition = topic.Partitions.Add();
            partition.PartitionIndex = number;
            partition.Offset = 1_000_000;
            partition.LeaderEpoch = 3;
        }
    }
}
