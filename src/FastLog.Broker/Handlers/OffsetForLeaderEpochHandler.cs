using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>OffsetForLeaderEpoch: where an epoch ends in our log, so that a reader notices a truncation (KIP-320).</summary>
internal sealed class OffsetForLeaderEpochHandler(ReplicaRegistry replicas)
    : RequestHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>
{
    public override ApiKey ApiKey => ApiKey.OffsetForLeaderEpoch;

    internal override ValueTask<OffsetForLeaderEpochResponse> HandleAsync(
        RequestContext context, OffsetForLeaderEpochRequest request)
    {
        var response = new OffsetForLeaderEpochResponse();
        foreach (var topic in request.Topics)
        {
            var topicEntry = response.Topics.Add();
            topicEntry.Topic = topic.Topic;
            foreach (var asked in topic.Partitions)
            {
                Answer(topicEntry.Partitions.Add(), topic.Topic, asked);
            }
        }

        return ValueTask.FromResult(response);
    }

    private void Answer(
        OffsetForLeaderEpochResponse.EpochEndOffset entry,
        string topic,
        OffsetForLeaderEpochRequest.OffsetForLeaderPartition asked)
    {
        entry.Partition = asked.Partition;
        entry.LeaderEpoch = -1;
        entry.EndOffset = -1;
        var partition = replicas.Find(topic, asked.Partition);
        var error = partition is null
            ? replicas.WhyMissing(topic, asked.Partition)
            : LeaderEpochs.Check(partition, asked.CurrentLeaderEpoch);
        entry.ErrorCode = error;
        if (error == ErrorCode.None)
        {
            var end = partition!.Log.EndOffsetForEpoch(asked.LeaderEpoch);
            entry.LeaderEpoch = end.Epoch;
            entry.EndOffset = end.EndOffset;
        }
    }
}
