using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>DescribeProducers (KIP-664): the idempotent and transactional producers that a partition's log knows.</summary>
internal sealed class DescribeProducersHandler(ReplicaRegistry replicas)
    : RequestHandler<DescribeProducersRequest, DescribeProducersResponse>
{
    public override ApiKey ApiKey => ApiKey.DescribeProducers;

    internal override ValueTask<DescribeProducersResponse> HandleAsync(
        RequestContext context, DescribeProducersRequest request)
    {
        var response = new DescribeProducersResponse();
        foreach (var topic in request.Topics)
        {
            var entry = response.Topics.Add();
            entry.Name = topic.Name;
            foreach (var index in topic.PartitionIndexes.Distinct())
            {
                Describe(entry.Partitions.Add(), topic.Name, index);
            }
        }

        return ValueTask.FromResult(response);
    }

    private void Describe(DescribeProducersResponse.PartitionResponse entry, string topic, int index)
    {
        entry.PartitionIndex = index;
        var partition = replicas.Find(topic, index);
        var error = partition?.Failure ?? replicas.WhyMissing(topic, index);
        if (partition is null || error != ErrorCode.None)
        {
            entry.ErrorCode = error;
            entry.ErrorMessage = error.Message();
            return;
        }

        foreach (var producer in partition.Log.ActiveProducers())
        {
            var active = entry.ActiveProducers.Add();
            active.ProducerId = producer.ProducerId;
            active.ProducerEpoch = producer.ProducerEpoch;
            active.LastSequence = producer.LastSequence;
            active.LastTimestamp = producer.LastTimestampMs;
            active.CoordinatorEpoch = producer.CoordinatorEpoch;
            active.CurrentTxnStartOffset = producer.CurrentTransactionStartOffset;
        }
    }
}
