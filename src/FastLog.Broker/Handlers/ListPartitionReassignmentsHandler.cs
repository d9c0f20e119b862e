using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>
/// ListPartitionReassignments (KIP-455): those that another controller began and that wait for brokers; here they are
/// done at once.
/// </summary>
internal sealed class ListPartitionReassignmentsHandler(IBrokerView broker)
    : RequestHandler<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>
{
    public override ApiKey ApiKey => ApiKey.ListPartitionReassignments;

    internal override ValueTask<ListPartitionReassignmentsResponse> HandleAsync(
        RequestContext context, ListPartitionReassignmentsRequest request)
    {
        var response = new ListPartitionReassignmentsResponse { ErrorMessage = null };
        var image = broker.Image;
        if (request.Topics is null)
        {
            foreach (var topic in image.Topics.OrderBy(topic => topic.Name, StringComparer.Ordinal))
            {
                Describe(response, topic, Enumerable.Range(0, topic.PartitionsCount));
            }
        }
        else
        {
            foreach (var asked in request.Topics)
            {
                if (image.FindTopic(asked.Name) is { } topic)
                {
                    Describe(response, topic, asked.PartitionIndexes.Distinct());
                }
            }
        }

        return ValueTask.FromResult(response);
    }

    private static void Describe(ListPartitionReassignmentsResponse response, TopicImage topic, IEnumerable<int> indexes)
    {
        ListPartitionReassignmentsResponse.OngoingTopicReassignment? entry = null;
        foreach (var index in indexes)
        {
            if (topic.FindPartition(index) is not { } partition
                || partition.AddingReplicas.Length + partition.RemovingReplicas.Length == 0)
            {
                continue;
            }

            if (entry is null)
            {
                entry = response.Topics.Add();
                entry.Name = topic.Name;
            }

            var ongoing = entry.Partitions.Add();
            ongoing.PartitionIndex = index;
            ongoing.Replicas.AddRange(partition.Replicas);
            ongoing.AddingReplicas.AddRange(partition.AddingReplicas);
            ongoing.RemovingReplicas.AddRange(partition.RemovingReplicas);
        }
    }
}
