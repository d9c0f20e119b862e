using System.Diagnostics;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

/// <summary>Fetches that wait: what wakes them and what does not.</summary>
public sealed class FetchWaitTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    // No test waits so long: a fetch that is not woken fails by the client's own timeout.
    private const int LongMs = 300_000;

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    public void A_fetch_at_the_end_is_woken_by_what_is_produced(short version)
    {
        var topic = NewTopic();
        using var consumer = Broker.Connect();
        consumer.SendOnly(consumer.Frame(RecordRequests.Fetch(LongMs).From(topic, 0), version));
        WaitUntilItWaits(topic);
        Assert.False(consumer.HasResponse);

        Client.Produce(topic, TestBatch.Of("news"));

        var answer = consumer.Receive<FetchResponse>(ApiKey.Fetch, version).Only();
        Assert.Equal(1, answer.HighWatermark);
        Assert.Equal("news", Assert.Single(FetchedRecord.AllOf(answer.Records)).Value);
    }

    [Fact]
    public void A_fetch_of_several_partitions_is_woken_by_any_and_waits_no_more_at_the_others()
    {
        var topic = NewTopic(partitions: 3);
        using var consumer = Broker.Connect();
        var request = RecordRequests.Fetch(LongMs).From(topic, 0, 0).From(topic, 0, 1).From(topic, 0, 2);
        consumer.SendOnly(consumer.Frame(request, 12));
        WaitUntilItWaits(topic, partition: 2);

        Client.Produce(topic, TestBatch.Of("news"), partition: 1);

        var response = consumer.Receive<FetchResponse>(ApiKey.Fetch, 12);
        Assert.Equal(3, response.Responses.Sum(entry => entry.Partitions.Count));
        Assert.All([0, 1, 2], partition => Assert.Equal(0, WaitersOf(topic, partition)));
    }

    [Fact]
    public void A_partition_named_twice_waits_twice_and_leaves_nothing_behind()
    {
        var topic = NewTopic();
        using var consumer = Broker.Connect();
        for (var round = 0; round < 20; round++)
        {
            consumer.SendOnly(consumer.Frame(
                RecordRequests.Fetch(LongMs).From(topic, round).From(topic, round), 12));
            Until.True(() => WaitersOf(topic) == 2);

            Client.Produce(topic, TestBatch.Of("news"));

            var response = consumer.Receive<FetchResponse>(ApiKey.Fetch, 12);
            Assert.Equal(2, response.Responses.Sum(entry => entry.Partitions.Count));
            Assert.Equal(0, WaitersOf(topic));
        }
    }

    [Fact]
    public void Less_than_min_bytes_goes_on_waiting()
    {
        var topic = NewTopic();
        var batch = TestBatch.Sized(100);
        using var consumer = Broker.Connect();
        consumer.SendOnly(consumer.Frame(
            RecordRequests.Fetch(LongMs, minBytes: 3 * batch.Length).From(topic, 0), 12));
        WaitUntilItWaits(topic);

        Client.Produce(topic, batch);
        Client.Produce(topic, batch);
        WaitUntilItWaits(topic);
        Assert.False(consumer.HasResponse);
        Client.Produce(topic, batch);

        Assert.Equal(3 * batch.Length, consumer.Receive<FetchResponse>(ApiKey.Fetch, 12).Only().Records.SizeInBytes);
    }

    [Fact]
    public void Bytes_of_several_partitions_add_up_to_min_bytes()
    {
        var topic = NewTopic(partitions: 2);
        var batch = TestBatch.Sized(100);
        using var consumer = Broker.Connect();
        consumer.SendOnly(consumer.Frame(
            RecordRequests.Fetch(LongMs, minBytes: 2 * batch.Length).From(topic, 0, 0).From(topic, 0, 1), 12));
        Client.Produce(topic, batch, partition: 0);
        Client.Produce(topic, batch, partition: 1);

        var response = consumer.Receive<FetchResponse>(ApiKey.Fetch, 12);

        Assert.Equal(2 * batch.Length, response.Responses.SelectMany(t => t.Partitions).Sum(p => p.Records.SizeInBytes));
    }

    [Fact]
    public void When_time_is_up_there_is_an_answer_with_what_there_is()
    {
        var topic = NewTopic();
        var batch = TestBatch.Sized(10);
        Client.Produce(topic, batch);
        var clock = Stopwatch.StartNew();

        var answer = Client.Send(RecordRequests.Fetch(200, minBytes: 1 << 20).From(topic, 0), 12).Only();

        Assert.True(clock.ElapsedMilliseconds >= 190, $"{clock.ElapsedMilliseconds} ms");
        Assert.Equal((ErrorCode.None, batch.Length), (answer.ErrorCode, answer.Records.SizeInBytes));
        var nothing = Client.Send(RecordRequests.Fetch(20).From(topic, 1), 12).Only();
        Assert.Equal((ErrorCode.None, 1L, 0), (nothing.ErrorCode, nothing.HighWatermark, nothing.Records.SizeInBytes));
        Assert.Equal(0, WaitersOf(topic));
    }

    [Fact]
    public void Records_of_an_older_segment_do_not_wait_for_more_that_would_never_join_them()
    {
        var batch = TestBatch.Sized(100);
        var topic = NewTopic(1, ("segment.bytes", (2 * batch.Length).ToString()));
        for (var i = 0; i < 5; i++)
        {
            Client.Produce(topic, batch);
        }

        var answer = Client.Send(RecordRequests.Fetch(LongMs, minBytes: 4 * batch.Length).From(topic, 0), 12).Only();

        Assert.Equal(2 * batch.Length, answer.Records.SizeInBytes);
    }

    [Fact]
    public void An_error_in_one_partition_answers_for_all_at_once()
    {
        var topic = NewTopic();

        var response = Client.Send(RecordRequests.Fetch(LongMs).From(topic, 0).From("missing", 0), 12);

        Assert.Equal(ErrorCode.None, response.Responses[0].Partitions[0].ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, response.Responses[1].Partitions[0].ErrorCode);
    }

    [Fact]
    public void A_topic_that_is_deleted_ends_the_wait()
    {
        var topic = NewTopic();
        using var consumer = Broker.Connect();
        consumer.SendOnly(consumer.Frame(RecordRequests.Fetch(LongMs).From(topic, 0), 12));
        WaitUntilItWaits(topic);

        Client.DeleteTopic(topic);

        Assert.Equal(
            ErrorCode.UnknownTopicOrPartition, consumer.Receive<FetchResponse>(ApiKey.Fetch, 12).Only().ErrorCode);
    }

    [Fact]
    public async Task A_broker_that_stops_answers_waiting_fetches_and_does_not_wait_for_them()
    {
        var broker = await TestBroker.StartAsync();
        using var consumer = broker.Connect();
        consumer.CreateTopic("t");
        var replicas = broker.Server.Replicas;
        consumer.SendOnly(consumer.Frame(RecordRequests.Fetch(LongMs).From("t", 0), 12));
        Until.True(() => replicas.Find("t", 0)!.HighWatermarkWaitersCount == 1);

        await broker.DisposeAsync();

        Assert.Equal(ErrorCode.None, consumer.Receive<FetchResponse>(ApiKey.Fetch, 12).Only().ErrorCode);
        Assert.True(consumer.IsClosedByBroker());
    }

    [Fact]
    public async Task Many_waiting_fetches_each_see_every_record()
    {
        const int Consumers = 8;
        const int Batches = 200;
        var topic = NewTopic(partitions: 2);
        var readers = Enumerable.Range(0, Consumers).Select(reader => Task.Factory.StartNew(
            () => ReadAll(topic, reader % 2, Batches), TaskCreationOptions.LongRunning)).ToArray();
        for (var i = 0; i < Batches; i++)
        {
            Client.Produce(topic, TestBatch.Of($"v{i}"), partition: 0);
            Client.Produce(topic, TestBatch.Of($"v{i}"), partition: 1);
        }

        var read = await Task.WhenAll(readers);

        Assert.All(read, values => Assert.Equal(Enumerable.Range(0, Batches).Select(i => $"v{i}"), values));
        Assert.Equal((0, 0), (WaitersOf(topic, 0), WaitersOf(topic, 1)));
    }

    private List<string?> ReadAll(string topic, int partition, int count)
    {
        using var consumer = Broker.Connect();
        var values = new List<string?>();
        while (values.Count < count)
        {
            var answer = consumer.Send(
                RecordRequests.Fetch(LongMs).From(topic, values.Count, partition), 12).Only();
            Assert.Equal(ErrorCode.None, answer.ErrorCode);
            values.AddRange(FetchedRecord.AllOf(answer.Records).Select(record => record.Value));
        }

        return values;
    }

    private void WaitUntilItWaits(string topic, int partition = 0) => Until.True(() => WaitersOf(topic, partition) > 0);

    private int WaitersOf(string topic, int partition = 0) =>
        Broker.Server.Replicas.Find(topic, partition)!.HighWatermarkWaitersCount;
}
