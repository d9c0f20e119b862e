using System.Buffers;
using FastLog.Protocol.Messages;
using FastLog.Protocol.Tests.Model;

namespace FastLog.Protocol.Tests.Bounds;

/// <summary>Producing and fetching cost no garbage once messages and strings have been seen.</summary>
public sealed class AllocationTests
{
    private const int WarmUpRounds = 50;
    private const int MeasuredRounds = 500;
    private const int Topics = 3;
    private const int Partitions = 8;

    private static readonly byte[] Records = new byte[1000];

    [Theory]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(12)]
    public void Produce_allocates_nothing_in_steady_state(short version)
    {
        byte[] frame = Frame(new RequestHeader(ApiKey.Produce, version, 1, "producer-1"), ProduceRequest(), version);
        var request = new ProduceRequest();
        var response = new ProduceResponse();
        AssertNoGarbage(frame, (ref MessageReader reader, FixedOutput output) =>
        {
            RequestHeader header = RequestHeader.Decode(ref reader);
            request.Decode(ref reader, header.ApiVersion);
            response.Reset();
            foreach (ProduceRequest.TopicProduceData topic in request.TopicData)
            {
                ProduceResponse.TopicProduceResponse topicResponse = response.Responses.Add();
                topicResponse.Name = topic.Name;
                foreach (ProduceRequest.PartitionProduceData partition in topic.PartitionData)
                {
                    ProduceResponse.PartitionProduceResponse partitionResponse = topicResponse.PartitionResponses.Add();
                    partitionResponse.Index = partition.Index;
                    partitionResponse.BaseOffset = partition.Records.SizeInBytes;
                    partitionResponse.CurrentLeader.LeaderId = 3;
                }
            }

            Respond(header, response, output);
        });
    }

    [Theory]
    [InlineData(4)]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(17)]
    public void Fetch_allocates_nothing_in_steady_state(short version)
    {
        byte[] frame = Frame(new RequestHeader(ApiKey.Fetch, version, 1, "consumer-1"), FetchRequest(version), version);
        var request = new FetchRequest();
        var response = new FetchResponse();
        var region = new ExternalRecords();
        AssertNoGarbage(frame, (ref MessageReader reader, FixedOutput output) =>
        {
            RequestHeader header = RequestHeader.Decode(ref reader);
            request.Decode(ref reader, header.ApiVersion);
            response.Reset();
            foreach (FetchRequest.FetchTopic topic in request.Topics)
            {
                FetchResponse.FetchableTopicResponse topicResponse = response.Responses.Add();
                topicResponse.Topic = topic.Topic;
                topicResponse.TopicId = topic.TopicId;
                foreach (FetchRequest.FetchPartition partition in topic.Partitions)
                {
                    FetchResponse.PartitionData data = topicResponse.Partitions.Add();
                    data.PartitionIndex = partition.Partition;
                    data.HighWatermark = partition.FetchOffset;
                    data.EnsureAbortedTransactions().Add().FirstOffset = 5;
                    data.CurrentLeader.LeaderEpoch = 7;
                    data.Records = new RecordsField(region);
                }
            }

            Respond(header, response, output);
        });
    }

    private static void AssertNoGarbage(byte[] frame, Round round)
    {
        var strings = new StringCache();
        var output = new FixedOutput();
        ReadOnlySequence<byte> whole = new(frame);
        ReadOnlySequence<byte> split = SplitSequence.Random(frame, new Random(7));
        long before = 0;
        for (int i = 0; i < WarmUpRounds + MeasuredRounds; i++)
        {
            before = i == WarmUpRounds ? GC.GetAllocatedBytesForCurrentThread() : before;
            output.Clear();
            var reader = new MessageReader(i % 2 == 0 ? whole : split, strings);
            round(ref reader, output);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(output.BytesWritten > Topics * Partitions);
    }

    private static void Respond(RequestHeader header, IResponse response, FixedOutput output)
    {
        var writer = new MessageWriter(output);
        new ResponseHeader(header.CorrelationId).Encode(ref writer, (ApiKey)header.ApiKey, header.ApiVersion);
        response.Encode(ref writer, header.ApiVersion);
        writer.Flush();
    }

    private static byte[] Frame(RequestHeader header, IRequest request, short version)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessageWriter(output);
        header.Encode(ref writer);
        request.Encode(ref writer, version);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static ProduceRequest ProduceRequest()
    {
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 30_000, TransactionalId = "transaction-1" };
        for (int t = 0; t < Topics; t++)
        {
            ProduceRequest.TopicProduceData topic = request.TopicData.Add();
            topic.Name = $"topic-{t}";
            for (int p = 0; p < Partitions; p++)
            {
                ProduceRequest.PartitionProduceData partition = topic.PartitionData.Add();
                partition.Index = p;
                partition.Records = new RecordsField(Records);
            }
        }

        return request;
    }

    private static FetchRequest FetchRequest(short version)
    {
        var request = new FetchRequest { MaxWaitMs = 500, MinBytes = 1, MaxBytes = 1 << 20 };
        for (int t = 0; t < Topics; t++)
        {
            FetchRequest.FetchTopic topic = request.Topics.Add();
            topic.Topic = version < 13 ? $"topic-{t}" : "";
            topic.TopicId = new Guid(t, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
            for (int p = 0; p < Partitions; p++)
            {
                FetchRequest.FetchPartition partition = topic.Partitions.Add();
                partition.Partition = p;
                partition.FetchOffset = 1000 + p;
            }
        }

        return request;
    }

    private delegate void Round(ref MessageReader reader, FixedOutput output);

    private sealed class ExternalRecords : IExternalRecords
    {
        public int SizeInBytes => 4096;
    }

    /// <summary>An output of one buffer that is there from the start.</summary>
    private sealed class FixedOutput : IMessageOutput
    {
        private readonly byte[] _buffer = new byte[64 * 1024];

        public int BytesWritten { get; private set; }

        public void Clear() => BytesWritten = 0;

        public void Advance(int count) => BytesWritten += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.AsMemory(BytesWritten);

        public Span<byte> GetSpan(int sizeHint = 0) => _buffer.AsSpan(BytesWritten);

        public void WriteExternal(IExternalRecords records)
        {
        }
    }
}
