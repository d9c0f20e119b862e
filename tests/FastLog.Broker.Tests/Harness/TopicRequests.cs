using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Harness;

/// <summary>What tests ask of topics before they come to their point.</summary>
internal static class TopicRequests
{
    /// <summary>Creates a topic and returns its id.</summary>
    public static Guid CreateTopic(
        this TestClient client, string name, int partitions = 1, params (string Key, string Value)[] configs)
    {
        var request = new CreateTopicsRequest();
        var topic = request.Topics.Add();
        topic.Name = name;
        topic.NumPartitions = partitions;
        topic.ReplicationFactor = 1;
        foreach (var (key, value) in configs)
        {
            var config = topic.Configs.Add();
            config.Name = key;
            config.Value = value;
        }

        var result = Assert.Single(client.Send(request, 7).Topics);
        Assert.Equal(ErrorCode.None, result.ErrorCode);
        return result.TopicId;
    }

    /// <summary>Creates a topic of one partition unless it is there.</summary>
    public static void TryCreateTopic(this TestClient client, string name)
    {
        var request = new CreateTopicsRequest { TimeoutMs = 10_000 };
        var topic = request.Topics.Add();
        (topic.Name, topic.NumPartitions, topic.ReplicationFactor) = (name, 1, 1);
        var error = Assert.Single(client.Send(request, 7).Topics).ErrorCode;
        Assert.True(error is ErrorCode.None or ErrorCode.TopicAlreadyExists, $"{name}: {error}");
    }

    /// <summary>Deletes a topic.</summary>
    public static void DeleteTopic(this TestClient client, string name)
    {
        var request = new DeleteTopicsRequest();
        request.Topics.Add().Name = name;
        Assert.Equal(ErrorCode.None, Assert.Single(client.Send(request, 6).Responses).ErrorCode);
    }

    /// <summary>Offset that ListOffsets gives for a timestamp or one of its special numbers.</summary>
    public static long OffsetFor(this TestClient client, string topic, long timestamp, int partition = 0)
    {
        var request = new ListOffsetsRequest { ReplicaId = -1 };
        var entry = request.Topics.Add();
        entry.Name = topic;
        var asked = entry.Partitions.Add();
        asked.PartitionIndex = partition;
        asked.Timestamp = timestamp;
        var answer = client.Send(request, 9).Topics[0].Partitions[0];
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        return answer.Offset;
    }

    /// <summary>The high watermark.</summary>
    public static long EndOffset(this TestClient client, string topic, int partition = 0) =>
        client.OffsetFor(topic, -1, partition);

    /// <summary>The log start offset.</summary>
    public static long StartOffset(this TestClient client, string topic, int partition = 0) =>
        client.OffsetFor(topic, -2, partition);
}
