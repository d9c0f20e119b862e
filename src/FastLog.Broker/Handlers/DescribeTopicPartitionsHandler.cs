using FastLog.Broker.Requests;
using FastLog.Broker.Topics;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>
/// DescribeTopicPartitions: topics in order of their names, at most so many partitions an answer; the cursor says
/// where the next one goes on (KIP-966).
/// </summary>
/// <param name="broker">The broker.</param>
/// <param name="partitionsMax"><c>max.request.partition.size.limit</c>.</param>
internal sealed class DescribeTopicPartitionsHandler(IBrokerView broker, int partitionsMax)
    : RequestHandler<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>
{
    public override ApiKey ApiKey => ApiKey.DescribeTopicPartitions;

    internal override ValueTask<DescribeTopicPartitionsResponse> HandleAsync(
        RequestContext context, DescribeTopicPartitionsRequest request)
    {
        var response = new DescribeTopicPartitionsResponse { NextCursor = null };
        // As Kafka: a limit that makes no sense is the least that does.
        var left = Math.Max(Math.Min(request.ResponsePartitionLimit, partitionsMax), 1);
        if (request.Cursor is { PartitionIndex: < 0 })
        {
            foreach (var topic in request.Topics)
            {
                AddError(response, topic.Name, ErrorCode.InvalidRequest);
            }

            return ValueTask.FromResult(response);
        }

        var image = broker.Image;
        foreach (var name in NamesFrom(request, image))
        {
            var first = name == request.Cursor?.TopicName ? request.Cursor.PartitionIndex : 0;
            if (left == 0)
            {
                response.NextCursor = CursorAt(name, first);
                break;
            }

            if (image.FindTopic(name) is not { } topic)
            {
                AddError(response, name, TopicNames.Check(name) is null
                    ? ErrorCode.UnknownTopicOrPartition
                    : ErrorCode.InvalidTopicException);
                continue;
            }

            var count = Math.Min(left, Math.Max(topic.PartitionsCount - first, 0));
            Describe(response.Topics.Add(), topic, image, first, count);
            left -= count;
            if (first + count < topic.PartitionsCount)
            {
                response.NextCursor = CursorAt(name, first + count);
                break;
            }
        }

        return ValueTask.FromResult(response);
    }

    private static List<string> NamesFrom(DescribeTopicPartitionsRequest request, MetadataImage image)
    {
        var names = request.Topics.Count == 0
            ? image.Topics.Select(topic => topic.Name)
            : request.Topics.Select(topic => topic.Name).Distinct();
        return
        [
            .. names
                .Where(name => request.Cursor is null || string.CompareOrdinal(name, request.Cursor.TopicName) >= 0)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static void Describe(
        DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic entry,
        TopicImage topic,
        MetadataImage cluster,
        int first,
        int count)
    {
        entry.Name = topic.Name;
        entry.TopicId = topic.Id;
        entry.IsInternal = topic.IsInternal;
        for (var i = first; i < first + count; i++)
        {
            var image = topic.Partitions[i];
            var partition = entry.Partitions.Add();
            partition.PartitionIndex = i;
            // Unlike Metadata, this API has no error for a partition without a leader: the id says it.
            partition.LeaderId = cluster.FindBroker(image.Leader) is { IsFenced: false } ? image.Leader : PartitionImage.NoLeader;
            partition.LeaderEpoch = image.LeaderEpoch;
            partition.ReplicaNodes.AddRange(image.Replicas);
            partition.IsrNodes.AddRange(image.Isr);
            OfflineReplicas.AddTo(partition.OfflineReplicas, image, cluster);
            partition.EligibleLeaderReplicas = [.. image.EligibleLeaderReplicas];
            partition.LastKnownElr = [.. image.LastKnownElr];
        }
    }

    private static void AddError(DescribeTopicPartitionsResponse response, string name, ErrorCode error)
    {
        var entry = response.Topics.Add();
        entry.Name = name;
        entry.IsInternal = InternalTopics.IsInternal(name);
        entry.ErrorCode = error;
    }

    private static DescribeTopicPartitionsResponse.Cursor CursorAt(string topic, int partition) =>
        new() { TopicName = topic, PartitionIndex = partition };
}
