using BenchmarkDotNet.Attributes;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Benchmarks.Messages;

/// <summary>The records of the response stay where they lie, as a broker's do in the log's file.</summary>
public class FetchBenchmarks : MessageBenchmarks<FetchRequest, FetchResponse>
{
    private static readonly Guid TopicId = new("0b5e0000-0000-4000-8000-000000000003");

    [Params(1, 64)]
    public int Partitions { get; set; }

    protected override void Fill(FetchRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.MaxWaitMs = 500;
        request.MinBytes = 1;
        request.MaxBytes = 50 * 1024 * 1024;
        FetchRequest.FetchTopic topic = request.Topics.Add();
        topic.TopicId = TopicId;
        for (int number = 0; number < Partitions; number++)
        {
            FetchRequest.FetchPartition partition = topic.Partitions.Add();
            partition.Partition = number;
            partition.FetchOffset = 1_000_000;
            partition.CurrentLeaderEpoch = 3;
            partition.PartitionMaxBytes = 1024 * 1024;
        }
    }

    protected override void Fill(FetchResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        FetchResponse.FetchableTopicResponse topic = response.Responses.Add();
        topic.TopicId = TopicId;
        for (int number = 0; number < Partitions; number++)
        {
            FetchResponse.PartitionData partition = topic.Partitions.Add();
            partition.PartitionIndex = number;
            partition.HighWatermark = 1_000_100;
            partition.LastStableOffset = 1_000_100;
            partition.LogStartOffset = 0;
            partition.Records = new RecordsField(new FileRegion());
        }
    }

    private sealed class FileRegion : IExternalRecords
    {
        public int SizeInBytes => 64 * 1024;
    }
}
