using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Harness;

/// <summary>Producing and fetching in one line.</summary>
internal static class RecordRequests
{
    /// <summary>A produce request for partitions of one topic.</summary>
    public static ProduceRequest Produce(string topic, short acks, params (int Partition, byte[] Records)[] partitions)
    {
        var request = new ProduceRequest { Acks = acks, TimeoutMs = 30_000 };
        var entry = request.TopicData.Add();
        entry.Name = topic;
        foreach (var (partition, records) in partitions)
        {
            var data = entry.PartitionData.Add();
            data.Index = partition;
            data.Records = new RecordsField(records);
        }

        return request;
    }

    /// <summary>Produces one batch to one partition, whatever comes of it.</summary>
    public static ProduceResponse.PartitionProduceResponse TryProduce(
        this TestClient client, string topic, byte[] records, short version = 9, short acks = -1, int partition = 0)
    {
        var response = client.Send(Produce(topic, acks, (partition, records)), version);
        return Assert.Single(Assert.Single(response.Responses).PartitionResponses);
    }

    /// <summary>Produces one batch, which must be taken; its base offset.</summary>
    public static long Produce(this TestClient client, string topic, byte[] records, int partition = 0)
    {
        var answer = client.TryProduce(topic, records, partition: partition);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        return answer.BaseOffset;
    }

    /// <summary>A fetch request without a topic.</summary>
    public static FetchRequest Fetch(int maxWaitMs = 0, int minBytes = 1, int maxBytes = 1 << 20) =>
        new() { MaxWaitMs = maxWaitMs, MinBytes = minBytes, MaxBytes = maxBytes };

    /// <summary>Adds a partition of a topic that is named.</summary>
    public static FetchRequest From(
        this FetchRequest request, string topic, long offset, int partition = 0, int maxBytes = 1 << 20)
    {
        var entry = request.Topics.Add();
        entry.Topic = topic;
        return request.Add(entry, offset, partition, maxBytes);
    }

    /// <summary>Adds a partition of a topic by its id.</summary>
    public static FetchRequest From(
        this FetchRequest request, Guid topicId, long offset, int partition = 0, int maxBytes = 1 << 20)
    {
        var entry = request.Topics.Add();
        entry.TopicId = topicId;
        return request.Add(entry, offset, partition, maxBytes);
    }

    /// <summary>The only partition of a fetch's answer.</summary>
    public static FetchResponse.PartitionData Only(this FetchResponse response) =>
        Assert.Single(Assert.Single(response.Responses).Partitions);

    /// <summary>Fetches one partition; what is there now.</summary>
    public static FetchResponse.PartitionData FetchOne(
        this TestClient client, string topic, long offset, short version = 12, int partition = 0) =>
        client.Send(Fetch().From(topic, offset, partition), version).Only();

    private static FetchRequest Add(
        this FetchRequest request, FetchRequest.FetchTopic topic, long offset, int partition, int maxBytes)
    {
        var asked = topic.Partitions.Add();
        asked.Partition = partition;
        asked.FetchOffset = offset;
        asked.PartitionMaxBytes = maxBytes;
        return request;
    }
}
