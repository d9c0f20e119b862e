using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Broker.Tests.Handlers;

public sealed class FetchHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(12)]
    public void Records_come_from_the_start_with_the_ends_of_the_log(short version)
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a", "b"));
        Client.Produce(topic, TestBatch.Of("c"));

        var answer = Client.FetchOne(topic, 0, version);

        Assert.Equal((ErrorCode.None, 3L, 3L), (answer.ErrorCode, answer.HighWatermark, answer.LastStableOffset));
        Assert.Equal(version >= 5 ? 0 : -1, answer.LogStartOffset);
        Assert.Equal(-1, answer.PreferredReadReplica);
        Assert.Equal(["a", "b", "c"], ValuesOf(answer));
    }

    [Theory]
    [InlineData(13)]
    [InlineData(15)]
    [InlineData(17)]
    public void Topics_are_named_by_id_from_version_13(short version)
    {
        var id = Client.CreateTopic(NewName(), 2);
        var request = RecordRequests.Fetch().From(id, 0, partition: 1);

        var response = Client.Send(request, version);

        Assert.Equal(id, Assert.Single(response.Responses).TopicId);
        Assert.Equal((ErrorCode.None, 0L), (response.Only().ErrorCode, response.Only().HighWatermark));
    }

    [Fact]
    public void An_offset_within_a_batch_gives_the_whole_batch()
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a"));
        Client.Produce(topic, TestBatch.Of("b", "c", "d"));

        Assert.Equal(["b", "c", "d"], ValuesOf(Client.FetchOne(topic, 2)));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    public void Offsets_outside_of_the_log_are_out_of_range(short version)
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a"));

        foreach (var offset in new long[] { 2, -1, long.MaxValue, long.MinValue })
        {
            var answer = Client.FetchOne(topic, offset, version);
            Assert.Equal(ErrorCode.OffsetOutOfRange, answer.ErrorCode);
            Assert.Equal((-1L, 0), (answer.HighWatermark, answer.Records.SizeInBytes));
        }

        Assert.Equal(ErrorCode.None, Client.FetchOne(topic, 1, version).ErrorCode);
    }

    [Fact]
    public void Unknown_topics_and_partitions_have_the_errors_of_their_addressing()
    {
        var topic = NewName();
        var id = Client.CreateTopic(topic);

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Client.FetchOne("missing", 0).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Client.FetchOne(topic, 0, partition: 1).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, Client.FetchOne(topic, 0, partition: -1).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicId, FetchById(Guid.NewGuid(), 0));
        Assert.Equal(ErrorCode.UnknownTopicId, FetchById(Guid.Empty, 0));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, FetchById(id, 1));
        Assert.Equal(ErrorCode.None, FetchById(id, 0));
    }

    [Fact]
    public void The_partition_limit_ends_its_records_and_lets_the_first_batch_pass()
    {
        var topic = NewTopic(partitions: 2);
        var batch = TestBatch.Sized(1_000);
        for (var i = 0; i < 4; i++)
        {
            Client.Produce(topic, batch, partition: 0);
            Client.Produce(topic, batch, partition: 1);
        }

        Assert.Equal(2 * batch.Length, SizesOf(Fetch(batch.Length * 3 - 1))[0]);
        Assert.Equal(3 * batch.Length, SizesOf(Fetch(batch.Length * 3))[0]);
        // Only the first partition with records may exceed its limit.
        Assert.Equal([batch.Length, 0], SizesOf(Fetch(10)));
        Assert.Equal([batch.Length, 0], SizesOf(Fetch(0)));

        FetchResponse Fetch(int partitionBytes) => Client.Send(
            RecordRequests.Fetch().From(topic, 0, 0, partitionBytes).From(topic, 0, 1, partitionBytes), 12);
    }

    [Fact]
    public void The_answers_limit_ends_the_records_in_order_of_the_request()
    {
        var topic = NewTopic(partitions: 3);
        var batch = TestBatch.Sized(1_000);
        for (var partition = 0; partition < 3; partition++)
        {
            Client.Produce(topic, batch, partition);
            Client.Produce(topic, batch, partition);
        }

        var response = Client.Send(
            RecordRequests.Fetch(maxBytes: 3 * batch.Length).From(topic, 0, 2).From(topic, 0, 0).From(topic, 0, 1), 12);

        Assert.Equal([2 * batch.Length, batch.Length, 0], SizesOf(response));
        Assert.Equal(batch.Length, SizesOf(Client.Send(RecordRequests.Fetch(maxBytes: 1).From(topic, 0), 12))[0]);
    }

    [Fact]
    public async Task The_brokers_own_limit_is_the_lower_one()
    {
        await using var broker = await TestBroker.StartAsync("fetch.max.bytes=2500");
        using var client = broker.Connect();
        client.CreateTopic("limited");
        var batch = TestBatch.Sized(1_000);
        for (var i = 0; i < 4; i++)
        {
            client.Produce("limited", batch);
        }

        Assert.Equal(2 * batch.Length, client.FetchOne("limited", 0).Records.SizeInBytes);
    }

    [Fact]
    public void Epochs_of_the_leader_that_are_not_the_partitions_are_told()
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a"));

        Assert.Equal(ErrorCode.None, WithEpoch(0).ErrorCode);
        Assert.Equal(ErrorCode.None, WithEpoch(-1).ErrorCode);
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, WithEpoch(1).ErrorCode);

        FetchResponse.PartitionData WithEpoch(int epoch)
        {
            var request = RecordRequests.Fetch().From(topic, 0);
            request.Topics[0].Partitions[0].CurrentLeaderEpoch = epoch;
            return Client.Send(request, 9).Only();
        }
    }

    [Fact]
    public async Task After_a_restart_old_leader_epochs_are_fenced_and_diverging_ends_are_told()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var before = broker.Connect())
        {
            before.CreateTopic("moved");
            before.Produce("moved", TestBatch.Of("a", "b"));
        }

        await broker.RestartAsync();
        using var client = broker.Connect();
        client.Produce("moved", TestBatch.Of("c"));
        var epoch = client.Send(Metadata("moved"), 12).Topics[0].Partitions[0].LeaderEpoch;
        Assert.True(epoch > 0);

        Assert.Equal(ErrorCode.FencedLeaderEpoch, Fetch(3, currentEpoch: 0).ErrorCode);
        Assert.Equal(ErrorCode.None, Fetch(3, currentEpoch: epoch).ErrorCode);
        // Epoch 0 ended at offset 2: who says to have its record 2 has another log.
        var diverging = Fetch(3, lastFetchedEpoch: 0);
        Assert.Equal((ErrorCode.None, 0), (diverging.ErrorCode, diverging.Records.SizeInBytes));
        Assert.Equal((0, 2L), (diverging.DivergingEpoch.Epoch, diverging.DivergingEpoch.EndOffset));
        var same = Fetch(2, lastFetchedEpoch: 0);
        Assert.Equal(-1, same.DivergingEpoch.Epoch);
        Assert.Equal(["c"], ValuesOf(same));
        Assert.Equal(ErrorCode.OffsetOutOfRange, Fetch(3, lastFetchedEpoch: epoch + 1).ErrorCode);

        FetchResponse.PartitionData Fetch(long offset, int currentEpoch = -1, int lastFetchedEpoch = -1)
        {
            var request = RecordRequests.Fetch().From("moved", offset);
            request.Topics[0].Partitions[0].CurrentLeaderEpoch = currentEpoch;
            request.Topics[0].Partitions[0].LastFetchedEpoch = lastFetchedEpoch;
            return client.Send(request, 12).Only();
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    public void Read_committed_sees_what_is_below_the_last_stable_offset(short version)
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a"));
        var request = RecordRequests.Fetch().From(topic, 0);
        request.IsolationLevel = 1;

        var answer = Client.Send(request, version).Only();

        Assert.Equal((1L, 1L), (answer.HighWatermark, answer.LastStableOffset));
        Assert.Equal(["a"], ValuesOf(answer));
        Assert.True(answer.AbortedTransactions is null or { Count: 0 });
    }

    [Fact]
    public void A_topic_of_zstd_is_not_for_versions_that_cannot_unpack_it()
    {
        var topic = NewTopic(1, ("compression.type", "zstd"));
        Client.Produce(topic, TestBatch.Packed(CompressionType.Zstd, "a"));

        Assert.Equal(ErrorCode.UnsupportedCompressionType, Client.FetchOne(topic, 0, version: 9).ErrorCode);
        Assert.Equal(["a"], ValuesOf(Client.FetchOne(topic, 0, version: 10)));
    }

    [Fact]
    public void A_partition_named_twice_is_answered_twice()
    {
        var topic = NewTopic();
        Client.Produce(topic, TestBatch.Of("a"));
        Client.Produce(topic, TestBatch.Of("b"));

        var partitions = Client.Send(RecordRequests.Fetch().From(topic, 0).From(topic, 1), 12)
            .Responses.SelectMany(response => response.Partitions).ToArray();

        Assert.Equal(["a", "b"], ValuesOf(partitions[0]));
        Assert.Equal(["b"], ValuesOf(partitions[1]));
    }

    [Fact]
    public void Nothing_asked_for_is_answered_at_once()
    {
        var response = Client.Send(RecordRequests.Fetch(maxWaitMs: 30_000), 12);

        Assert.Equal((ErrorCode.None, 0), (response.ErrorCode, response.Responses.Count));
    }

    private ErrorCode FetchById(Guid id, int partition) =>
        Client.Send(RecordRequests.Fetch().From(id, 0, partition), 13).Only().ErrorCode;

    private static int[] SizesOf(FetchResponse response) =>
        [.. response.Responses.SelectMany(topic => topic.Partitions).Select(partition => partition.Records.SizeInBytes)];

    private static List<string?> ValuesOf(FetchResponse.PartitionData partition) =>
        [.. FetchedRecord.AllOf(partition.Records).Select(record => record.Value)];

    private static MetadataRequest Metadata(string topic)
    {
        var request = new MetadataRequest { Topics = [] };
        request.Topics!.Add().Name = topic;
        return request;
    }
}
