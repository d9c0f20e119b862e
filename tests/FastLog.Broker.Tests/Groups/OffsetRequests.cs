using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Groups;

/// <summary>Requests about offsets, made and read in a line each.</summary>
internal static class OffsetRequests
{
    /// <summary>Makes the coordinator's topic, if need be, and topics to commit offsets of.</summary>
    public static void Prepare(TestClient client, params string[] topics)
    {
        foreach (var topic in topics)
        {
            client.CreateTopic(topic, partitions: 4);
        }

        Assert.Equal(ErrorCode.None, client.Send(new FindCoordinatorRequest { Key = "g" }, 1).ErrorCode);
    }

    public static OffsetCommitRequest Commit(string group, string topic, params (int Partition, long Offset)[] offsets)
    {
        var request = new OffsetCommitRequest { GroupId = group };
        var entry = request.Topics.Add();
        entry.Name = topic;
        foreach (var (partition, offset) in offsets)
        {
            var added = entry.Partitions.Add();
            (added.PartitionIndex, added.CommittedOffset, added.CommittedMetadata) = (partition, offset, "");
        }

        return request;
    }

    public static ErrorCode[] ErrorsOf(OffsetCommitResponse response) =>
        [.. response.Topics.SelectMany(topic => topic.Partitions).Select(partition => partition.ErrorCode)];

    /// <summary>All offsets of a group, by topic and partition.</summary>
    public static Dictionary<(string Topic, int Partition), long> Fetch(TestClient client, string group)
    {
        var request = new OffsetFetchRequest();
        var asked = request.Groups.Add();
        (asked.GroupId, asked.Topics) = (group, null);
        var answer = Assert.Single(client.Send(request, 8).Groups);
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        return answer.Topics
            .SelectMany(topic => topic.Partitions.Select(found => (topic.Name, found.PartitionIndex, found.CommittedOffset)))
            .ToDictionary(found => (found.Name, found.PartitionIndex), found => found.CommittedOffset);
    }
}
