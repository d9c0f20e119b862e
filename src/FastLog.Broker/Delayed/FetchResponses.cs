using FastLog.Broker.FetchSessions;
using FastLog.Broker.Requests;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Delayed;

/// <summary>
/// Builds fetch responses: headers from pooled messages, records as file regions that the connection sends from the
/// page cache.
/// </summary>
internal sealed class FetchResponses
{
    // Clients of earlier versions do not know KAFKA_STORAGE_ERROR.
    private const short StorageErrorVersionMin = 6;

    private readonly OperationPool<FetchResponse> _messages = new(_ => new FetchResponse());

    /// <summary>Encodes and completes the answer. The reads' leases pass to the response.</summary>
    public void Send(in RequestContext context, in FetchContext session, FetchReads reads)
    {
        var response = _messages.Rent();
        response.Reset();
        response.ErrorCode = session.Error;
        if (session.Session is { } live)
        {
            response.SessionId = live.Id;
            // A pipelined request may already change the session's partitions.
            lock (live)
            {
                AddPartitions(response, session, reads, context.Version);
            }
        }
        else
        {
            AddPartitions(response, session, reads, context.Version);
        }

        if (context.RespondOrClose(response, ReleaseUnsent))
        {
            _messages.Return(response);
        }
    }

    /// <summary>Lets go of the segments that a response holds which will never be written.</summary>
    private static void ReleaseUnsent(IMessage response)
    {
        foreach (var topic in ((FetchResponse)response).Responses)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.Records.External is FileRegion { IsWritten: false } region)
                {
                    region.Dispose();
                }
            }
        }
    }

    private static void AddPartitions(
        FetchResponse response, in FetchContext session, FetchReads reads, short version)
    {
        FetchResponse.FetchableTopicResponse? topic = null;
        var all = reads.All;
        for (var i = 0; i < all.Length; i++)
        {
            ref readonly var read = ref all[i];
            if (read.SessionNode is { } node)
            {
                var changed = session.Session!.Report(node, NewsOf(read));
                if (session.Incremental && !changed)
                {
                    continue;
                }
            }

            if (topic is null || topic.Topic != (read.Target.Topic ?? "") || topic.TopicId != read.Target.TopicId)
            {
                topic = response.Responses.Add();
                topic.Topic = read.Target.Topic ?? "";
                topic.TopicId = read.Target.TopicId;
            }

            Fill(topic.Partitions.Add(), read, version);
            topic.Partitions[^1].Records = TakeRecords(reads, i);
        }
    }

    private static PartitionNews NewsOf(in PartitionRead read) => new(
        read.Error, read.Records.SizeInBytes > 0, read.DivergingEpoch is not null, read.HighWatermark,
        read.LogStartOffset);

    private static void Fill(FetchResponse.PartitionData partition, in PartitionRead read, short version)
    {
        partition.PartitionIndex = read.Target.PartitionIndex;
        partition.ErrorCode = read.Error == ErrorCode.KafkaStorageError && version < StorageErrorVersionMin
            ? ErrorCode.NotLeaderOrFollower
            : read.Error;
        partition.HighWatermark = read.Error == ErrorCode.None ? read.HighWatermark : -1;
        partition.LogStartOffset = read.Error == ErrorCode.None ? read.LogStartOffset : -1;
        partition.LastStableOffset = read.Error == ErrorCode.None ? read.LastStableOffset : -1;
        partition.AbortedTransactions = AbortedOf(read);
        if (read.DivergingEpoch is { } diverging)
        {
            partition.DivergingEpoch.Epoch = diverging.Epoch;
            partition.DivergingEpoch.EndOffset = diverging.EndOffset;
        }
    }

    private static MessageList<FetchResponse.AbortedTransaction>? AbortedOf(in PartitionRead read)
    {
        if (read.Error != ErrorCode.None || read.Aborted.Length == 0)
        {
            return null;
        }

        var list = new MessageList<FetchResponse.AbortedTransaction>();
        foreach (var aborted in read.Aborted)
        {
            var entry = list.Add();
            entry.ProducerId = aborted.ProducerId;
            entry.FirstOffset = aborted.FirstOffset;
        }

        return list;
    }

    private static RecordsField TakeRecords(FetchReads reads, int index)
    {
        var partition = reads.All[index].Partition;
        var records = reads.TakeRecords(index);
        if (records.SizeInBytes > 0)
        {
            partition!.CountFetched(records.SizeInBytes);
        }

        return records.SizeInBytes == 0
            ? RecordsField.Empty
            : new RecordsField(FileRegion.Rent(
                records.Lease!.File.Handle!, records.Position, records.SizeInBytes, records.Lease));
    }
}
