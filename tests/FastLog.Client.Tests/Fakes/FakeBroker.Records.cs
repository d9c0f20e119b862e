using System.Buffers;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Client.Tests.Fakes;

/// <content>Produce, Fetch, ListOffsets.</content>
internal sealed partial class FakeBroker
{
    private void Produce(Connection connection, RequestHeader header, ProduceRequest request, PendingResponse response)
    {
        ProduceFault fault = _cluster.NextFault?.Invoke() ?? ProduceFault.None;
        if (fault == ProduceFault.Disconnect)
        {
            connection.Close("fault");
            response.CompleteWithoutResponse();
            return;
        }

        ProduceResponse answer = new();
        List<RecordBatchHeader> headers = [];
        _cluster.Produced.Add(headers);
        foreach (ProduceRequest.TopicProduceData topic in request.TopicData)
        {
            ProduceResponse.TopicProduceResponse topicAnswer = answer.Responses.Add();
            topicAnswer.Name = topic.Name;
            foreach (ProduceRequest.PartitionProduceData data in topic.PartitionData)
            {
                byte[] batch = data.Records.Bytes.ToArray();
                headers.Add(new RecordBatchView(batch).Header);
                ProduceResponse.PartitionProduceResponse result = topicAnswer.PartitionResponses.Add();
                result.Index = data.Index;
                (result.ErrorCode, result.BaseOffset) = fault == ProduceFault.Refuse
                    ? (_cluster.FaultError, -1)
                    : Append(topic.Name, data.Index, batch);
                if (fault == ProduceFault.StoreAndRefuse && result.ErrorCode == ErrorCode.None)
                {
                    (result.ErrorCode, result.BaseOffset) = (_cluster.FaultError, -1);
                }
            }
        }

        if (fault == ProduceFault.StoreAndDisconnect)
        {
            connection.Close("fault");
        }

        if (request.Acks == 0)
        {
            response.CompleteWithoutResponse();
        }
        else
        {
            Complete(header, answer, response);
        }

        foreach (FakeBroker broker in _cluster.Brokers)
        {
            broker.CompleteWaiting();
        }
    }

    private (ErrorCode Error, long BaseOffset) Append(string topic, int index, byte[] batch) =>
        _cluster.Partition(topic, index) is not { } partition ? (ErrorCode.UnknownTopicOrPartition, -1)
            : partition.LeaderId != NodeId ? (ErrorCode.NotLeaderOrFollower, -1)
            : partition.Append(batch);

    private void Fetch(RequestHeader header, FetchRequest request, PendingResponse response)
    {
        (FetchResponse answer, bool isReady) = Read(header, request);
        if (isReady || request.MaxWaitMs == 0)
        {
            Complete(header, answer, response);
            return;
        }

        _waiting.Add((response, request, header));
        _ = Task.Delay(request.MaxWaitMs).ContinueWith(_ => EndWait(response), TaskScheduler.Default);
    }

    private void EndWait(PendingResponse response)
    {
        lock (_cluster.Gate)
        {
            int index = _waiting.FindIndex(waiting => ReferenceEquals(waiting.Response, response));
            if (index >= 0)
            {
                (_, FetchRequest request, RequestHeader header) = _waiting[index];
                _waiting.RemoveAt(index);
                Complete(header, Read(header, request).Answer, response);
            }
        }
    }

    private void CompleteWaiting()
    {
        foreach ((PendingResponse response, FetchRequest request, RequestHeader header) in _waiting.ToList())
        {
            (FetchResponse answer, bool isReady) = Read(header, request);
            if (isReady)
            {
                _waiting.RemoveAll(waiting => ReferenceEquals(waiting.Response, response));
                Complete(header, answer, response);
            }
        }
    }

    private (FetchResponse Answer, bool IsReady) Read(RequestHeader header, FetchRequest request)
    {
        FetchResponse answer = new();
        bool isReady = false;
        foreach (FetchRequest.FetchTopic topic in request.Topics)
        {
            string? name = header.ApiVersion >= 13 ? _cluster.NameOf(topic.TopicId) : topic.Topic;
            FetchResponse.FetchableTopicResponse topicAnswer = answer.Responses.Add();
            topicAnswer.Topic = header.ApiVersion >= 13 ? "" : topic.Topic;
            topicAnswer.TopicId = header.ApiVersion >= 13 ? topic.TopicId : Guid.Empty;
            foreach (FetchRequest.FetchPartition wanted in topic.Partitions)
            {
                FetchResponse.PartitionData data = topicAnswer.Partitions.Add();
                data.PartitionIndex = wanted.Partition;
                data.AbortedTransactions = null;
                data.Records = RecordsField.Empty;
                FakePartition? partition = name is null ? null : _cluster.Partition(name, wanted.Partition);
                data.ErrorCode = partition is null ? ErrorCode.UnknownTopicOrPartition
                    : partition.LeaderId != NodeId ? ErrorCode.NotLeaderOrFollower
                    : wanted.FetchOffset < partition.LogStartOffset || wanted.FetchOffset > partition.EndOffset
                        ? ErrorCode.OffsetOutOfRange
                        : partition.FetchError;
                isReady |= data.ErrorCode != ErrorCode.None;
                if (data.ErrorCode == ErrorCode.None)
                {
                    data.HighWatermark = partition!.EndOffset;
                    data.LastStableOffset = partition.EndOffset;
                    data.LogStartOffset = partition.LogStartOffset;
                    data.Records = new RecordsField(partition.Read(wanted.FetchOffset, wanted.PartitionMaxBytes));
                    isReady |= data.Records.SizeInBytes > 0;
                }
            }
        }

        return (answer, isReady);
    }

    private ListOffsetsResponse ListOffsets(ListOffsetsRequest request)
    {
        ListOffsetsResponse answer = new();
        foreach (ListOffsetsRequest.ListOffsetsTopic topic in request.Topics)
        {
            ListOffsetsResponse.ListOffsetsTopicResponse topicAnswer = answer.Topics.Add();
            topicAnswer.Name = topic.Name;
            foreach (ListOffsetsRequest.ListOffsetsPartition wanted in topic.Partitions)
            {
                ListOffsetsResponse.ListOffsetsPartitionResponse found = topicAnswer.Partitions.Add();
                found.PartitionIndex = wanted.PartitionIndex;
                FakePartition? partition = _cluster.Partition(topic.Name, wanted.PartitionIndex);
                found.ErrorCode = partition is null ? ErrorCode.UnknownTopicOrPartition
                    : partition.LeaderId != NodeId ? ErrorCode.NotLeaderOrFollower
                    : ErrorCode.None;
                if (found.ErrorCode == ErrorCode.None)
                {
                    found.Offset = wanted.Timestamp switch
                    {
                        -1 => partition!.EndOffset,
                        -2 => partition!.LogStartOffset,
                        _ => partition!.OffsetForTimestamp(wanted.Timestamp),
                    };
                }
            }
        }

        return answer;
    }
}
