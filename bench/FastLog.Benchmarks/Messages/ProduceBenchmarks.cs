using BenchmarkDotNet.Attributes;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Benchmarks.Messages;

public class ProduceBenchmarks : MessageBenchmarks<ProduceRequest, ProduceResponse>
{
    private static readonly byte[] Records = new byte[1024];

    [Params(1, 64)]
    public int Partitions { get; set; }

    protected override void Fill(ProduceRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Acks = -1;
        request.TimeoutMs = 30_000;
        ProduceRequest.TopicProduceData topic = request.TopicData.Add();
        topic.Name = "orders";
        for (int number = 0; number < Partitions; number++)
        {
            ProduceRequest.PartitionProduceData partition = topic.PartitionData.Add();
            partition.Index = number;
            partition.Records = new RecordsField(Records);
        }
    }

    protected override void Fill(ProduceResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        ProduceResponse.TopicProduceResponse topic = response.Responses.Add();
        topic.Name = "orders";
        for (int number = 0; number < Partitions; number++)
        {
            ProduceResponse.PartitionProduceResponse partition = topic.PartitionResponses.Add();
            partition.Index = number;
            partition.BaseOffset = 1_000_000;
            partition.LogStartOffset = 0;
        }
    }
}
