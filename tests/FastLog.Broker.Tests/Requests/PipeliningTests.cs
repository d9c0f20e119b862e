using System.Buffers.Binary;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Requests;

/// <summary>Many requests on one connection: worked on as they come, answered in their order.</summary>
public sealed class PipeliningTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Fact]
    public void Requests_behind_a_waiting_fetch_are_done_and_answered_after_it()
    {
        var topic = NewTopic();
        var fetch = Client.Frame(RecordRequests.Fetch(maxWaitMs: 300_000).From(topic, 0), 12);
        var produce = Client.Frame(RecordRequests.Produce(topic, -1, (0, TestBatch.Of("a"))), 9);
        var metadata = Client.Frame(new MetadataRequest { Topics = [] }, 9);

        // The fetch is woken by the produce that stands behind it on the same connection.
        Client.SendOnly([.. fetch, .. produce, .. metadata]);

        var fetched = TestClient.Decode<FetchResponse>(Client.Receive(), ApiKey.Fetch, 12, out var first);
        Assert.Equal("a", Assert.Single(FetchedRecord.AllOf(fetched.Only().Records)).Value);
        TestClient.Decode<ProduceResponse>(Client.Receive(), ApiKey.Produce, 9, out var second);
        TestClient.Decode<MetadataResponse>(Client.Receive(), ApiKey.Metadata, 9, out var third);
        Assert.Equal((CorrelationIdOf(fetch), CorrelationIdOf(produce), CorrelationIdOf(metadata)), (first, second, third));
    }

    [Fact]
    public void Many_requests_in_one_segment_are_answered_in_order()
    {
        var topic = NewTopic();
        var frames = new List<byte[]>();
        for (var i = 0; i < 300; i++)
        {
            frames.Add((i % 3) switch
            {
                0 => Client.Frame(RecordRequests.Produce(topic, (short)(i % 2 == 0 ? -1 : 1), (0, TestBatch.Of($"{i}"))), 9),
                1 => Client.Frame(new ListOffsetsRequest { ReplicaId = -1 }, 7),
                _ => Client.Frame(RecordRequests.Fetch().From(topic, 0), 12),
            });
        }

        Client.SendOnly(frames.SelectMany(frame => frame).ToArray());

        foreach (var frame in frames)
        {
            Assert.Equal(CorrelationIdOf(frame), BinaryPrimitives.ReadInt32BigEndian(Client.Receive().Span));
        }

        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => $"{i * 3}"),
            FetchedRecord.AllOf(Client.FetchOne(topic, 0).Records).Select(record => record.Value));
    }

    [Fact]
    public void Requests_without_answers_leave_no_gap_in_the_order()
    {
        var topic = NewTopic();
        var frames = Enumerable.Range(0, 60).Select(i => Client.Frame(
            RecordRequests.Produce(topic, (short)(i % 3 == 0 ? 0 : -1), (0, TestBatch.Of($"{i}"))), 9)).ToArray();

        Client.SendOnly(frames.SelectMany(frame => frame).ToArray());

        for (var i = 0; i < frames.Length; i++)
        {
            if (i % 3 != 0)
            {
                var response = TestClient.Decode<ProduceResponse>(Client.Receive(), ApiKey.Produce, 9, out var id);
                Assert.Equal(CorrelationIdOf(frames[i]), id);
                Assert.Equal(i, response.Responses[0].PartitionResponses[0].BaseOffset);
            }
        }
    }

    [Fact]
    public void A_request_may_come_byte_by_byte()
    {
        var topic = NewTopic();
        var frame = Client.Frame(RecordRequests.Produce(topic, -1, (0, TestBatch.Of("slow"))), 9);
        for (var i = 0; i < frame.Length; i++)
        {
            Client.SendOnly(frame.AsSpan(i, 1));
        }

        var response = TestClient.Decode<ProduceResponse>(Client.Receive(), ApiKey.Produce, 9, out _);
        Assert.Equal(ErrorCode.None, response.Responses[0].PartitionResponses[0].ErrorCode);
        Assert.Equal("slow", Assert.Single(FetchedRecord.AllOf(Client.FetchOne(topic, 0).Records)).Value);
    }

    [Fact]
    public void A_malformed_request_closes_after_those_before_it_are_answered()
    {
        var topic = NewTopic();
        var good = Client.Frame(RecordRequests.Produce(topic, -1, (0, TestBatch.Of("a"))), 9);
        var bad = Client.Frame(RecordRequests.Produce(topic, -1, (0, TestBatch.Of("b"))), 9);
        // The array of topics says to be larger than the request.
        bad.AsSpan(bad.Length - 60).Fill(0xff);
        bad[26] = 0x7f;

        Client.SendOnly([.. good, .. bad, .. good]);

        TestClient.Decode<ProduceResponse>(Client.Receive(), ApiKey.Produce, 9, out var id);
        Assert.Equal(CorrelationIdOf(good), id);
        Assert.True(Client.IsClosedByBroker());
    }

    [Theory]
    [InlineData(24)]
    [InlineData(-1)]
    [InlineData(short.MaxValue)]
    public void An_unknown_api_closes_the_connection_and_no_other(short apiKey)
    {
        using var other = Broker.Connect();
        var frame = Client.Frame(new MetadataRequest { Topics = [] }, 1);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(4), apiKey);
        Client.SendOnly(frame);

        Assert.True(Client.IsClosedByBroker());
        Assert.Single(other.Send(new MetadataRequest { Topics = [] }, 1).Brokers);
    }

    private static int CorrelationIdOf(byte[] frame) => BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(8));
}
