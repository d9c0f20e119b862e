using System.Buffers;
using FastLog.Broker.Delayed;
using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using FastLog.Storage;
using Entry = FastLog.Protocol.Messages.ProduceResponse.PartitionProduceResponse;

namespace FastLog.Broker.Handlers;

/// <summary>
/// Produce: appends each partition's batch as it arrived and answers when it is durable. Appends happen here, on the
/// connection's read loop, so that the requests of one connection keep their order; only the answer waits.
/// </summary>
internal sealed class ProduceHandler(ReplicaRegistry replicas, TimerWheel wheel) : RequestHandler
{
    private const short AcksAll = -1;
    private const short ZstdVersionMin = 7;
    private const short StorageErrorVersionMin = 4;
    private const string AdminClientId = "__admin_client";

    private readonly OperationPool<ProduceOperation> _operations = new(pool => new ProduceOperation(pool, wheel));

    public override ApiKey ApiKey => ApiKey.Produce;

    /// <summary>Produces that are worked on or wait for their records to be durable.</summary>
    public int UnderWayCount => _operations.RentedCount;

    internal override void Handle(in RequestContext context, ref MessageReader body)
    {
        var request = context.State.Produce;
        request.Decode(ref body, context.Version);
        var operation = _operations.Rent();
        operation.Begin(context);
        var failed = AppendAll(request, context, operation);
        if (request.Acks == 0)
        {
            operation.Abandon();
            AnswerNothing(context, failed);
        }
        else
        {
            operation.Start(request.Acks == AcksAll, request.TimeoutMs);
        }
    }

    private bool AppendAll(ProduceRequest request, in RequestContext context, ProduceOperation operation)
    {
        var failed = false;
        foreach (var topic in request.TopicData)
        {
            var topicEntry = operation.Response.Responses.Add();
            topicEntry.Name = topic.Name;
            foreach (var partition in topic.PartitionData)
            {
                var entry = topicEntry.PartitionResponses.Add();
                entry.Index = partition.Index;
                Append(request, topic.Name, partition, context, operation, entry);
                failed |= entry.ErrorCode != ErrorCode.None;
            }
        }

        return failed;
    }

    private void Append(
        ProduceRequest request,
        string topic,
        ProduceRequest.PartitionProduceData data,
        in RequestContext context,
        ProduceOperation operation,
        Entry entry)
    {
        var partition = replicas.Find(topic, data.Index);
        var refusal = request.Acks is not (0 or 1 or AcksAll) ? ErrorCode.InvalidRequiredAcks
            : partition is null ? replicas.WhyMissing(topic, data.Index)
            : Refuse(request.Acks, partition, data.Records.Bytes, context);
        if (refusal != ErrorCode.None)
        {
            Fail(entry, refusal, null, context.Version);
            return;
        }

        var result = partition!.AppendAsLeader(data.Records.Bytes);
        if (result.Error != AppendError.None)
        {
            FailAppend(entry, result, partition, context.Version);
            return;
        }

        entry.BaseOffset = result.BaseOffset;
        entry.LogAppendTimeMs = result.LogAppendTimeMs;
        entry.LogStartOffset = result.LogStartOffset;
        operation.AddWait(partition, result.LastOffset + 1, entry);
    }

    private static ErrorCode Refuse(
        short acks, Partition partition, in ReadOnlySequence<byte> records, in RequestContext context)
    {
        if (InternalTopics.IsInternal(partition.Topic) && context.Header.ClientId != AdminClientId)
        {
            return ErrorCode.InvalidTopicException;
        }

        if (!RecordBatchHeader.TryRead(records, out var header))
        {
            // Null, nothing, or less than a header: not the one batch that there must be.
            return ErrorCode.InvalidRecord;
        }

        if (header.CompressionType == CompressionType.Zstd && context.Version < ZstdVersionMin)
        {
            return ErrorCode.UnsupportedCompressionType;
        }

        if (header.IsTransactional)
        {
            // Nobody could end the transaction, and read_committed would show it before its end.
            return ErrorCode.InvalidTxnState;
        }

        return acks == AcksAll && !partition.HasEnoughInSyncReplicas ? ErrorCode.NotEnoughReplicas : ErrorCode.None;
    }

    private static void AnswerNothing(in RequestContext context, bool failed)
    {
        // acks=0 has no answer to carry an error: the closed connection tells the client to look again.
        if (failed)
        {
            context.Response.CloseConnection("a produce with acks=0 failed");
        }
        else
        {
            context.Response.CompleteWithoutResponse();
        }
    }

    private static void FailAppend(Entry entry, in AppendResult result, Partition partition, short version)
    {
        // A log that was closed with its topic says only that it is closed; the partition knows why.
        var code = result.Error == AppendError.StorageError && partition.Failure != ErrorCode.None
            ? partition.Failure
            : AppendErrors.ToErrorCode(result.Error);
        Fail(entry, code, result.Message, version);
        foreach (var error in result.RecordErrors ?? [])
        {
            var recordError = entry.RecordErrors.Add();
            recordError.BatchIndex = error.RecordIndex;
            recordError.BatchIndexErrorMessage = error.Message;
        }
    }

    private static void Fail(Entry entry, ErrorCode error, string? message, short version)
    {
        // Clients of earlier versions do not know KAFKA_STORAGE_ERROR.
        entry.ErrorCode = error == ErrorCode.KafkaStorageError && version < StorageErrorVersionMin
            ? ErrorCode.NotLeaderOrFollower
            : error;
        entry.BaseOffset = -1;
        entry.LogAppendTimeMs = -1;
        entry.LogStartOffset = -1;
        entry.ErrorMessage = message;
    }
}
