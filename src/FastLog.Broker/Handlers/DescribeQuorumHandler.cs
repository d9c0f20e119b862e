using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Broker.Handlers;

/// <summary>DescribeQuorum (KIP-595, KIP-836): the metadata log and its only voter, which leads it.</summary>
internal sealed class DescribeQuorumHandler(ClusterNode node, TimeProvider time)
    : RequestHandler<DescribeQuorumRequest, DescribeQuorumResponse>
{
    // The first version that has them (KIP-853).
    private const short DirectoriesAndNodes = 2;

    public override ApiKey ApiKey => ApiKey.DescribeQuorum;

    internal override ValueTask<DescribeQuorumResponse> HandleAsync(RequestContext context, DescribeQuorumRequest request)
    {
        // Kafka's texts are empty here where other APIs have none.
        var response = new DescribeQuorumResponse { ErrorMessage = "" };
        // As Kafka: the metadata partition alone, or nothing that is asked for is known.
        var isAsked = request.Topics.Count == 1
            && request.Topics[0].TopicName == MetadataLog.Partition.Topic
            && request.Topics[0].Partitions.Count == 1
            && request.Topics[0].Partitions[0].PartitionIndex == MetadataLog.Partition.Partition;
        foreach (var topic in request.Topics)
        {
            var topicEntry = response.Topics.Add();
            topicEntry.TopicName = topic.TopicName;
            foreach (var partition in topic.Partitions)
            {
                var entry = topicEntry.Partitions.Add();
                entry.PartitionIndex = partition.PartitionIndex;
                entry.ErrorMessage = "";
                if (isAsked)
                {
                    Describe(entry, context.Version);
                }
                else
                {
                    entry.ErrorCode = ErrorCode.UnknownTopicOrPartition;
                    entry.ErrorMessage = ErrorCode.UnknownTopicOrPartition.Message();
                }
            }
        }

        if (isAsked && context.Version >= DirectoriesAndNodes)
        {
            AddNode(response);
        }

        return ValueTask.FromResult(response);
    }

    private void Describe(DescribeQuorumResponse.PartitionData entry, short version)
    {
        var log = node.Metadata;
        entry.LeaderId = log.LeaderId;
        entry.LeaderEpoch = log.Epoch;
        entry.HighWatermark = log.HighWatermark;
        var voter = entry.CurrentVoters.Add();
        voter.ReplicaId = node.NodeId;
        voter.LogEndOffset = log.EndOffset;
        voter.LastFetchTimestamp = voter.LastCaughtUpTimestamp = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (version >= DirectoriesAndNodes)
        {
            voter.ReplicaDirectoryId = node.LogDirectories[0].DirectoryId;
        }
    }

    // There is no listener of the controller's own: it is asked where the broker is.
    private void AddNode(DescribeQuorumResponse response)
    {
        var entry = response.Nodes.Add();
        entry.NodeId = node.NodeId;
        foreach (var endPoint in node.Image.FindBroker(node.NodeId)?.EndPoints ?? [])
        {
            var listener = entry.Listeners.Add();
            listener.Name = endPoint.ListenerName;
            listener.Host = endPoint.Host;
            listener.Port = (ushort)endPoint.Port;
        }
    }
}
