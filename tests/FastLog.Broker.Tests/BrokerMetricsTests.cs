using FastLog.Broker.Tests.Groups;
using FastLog.Broker.Tests.Harness;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests;

public sealed class BrokerMetricsTests
{
    [Fact]
    public async Task Brokers_in_one_process_do_not_mix()
    {
        await using var first = await TestBroker.StartAsync();
        await using var second = await TestBroker.StartAsync();
        using var ofFirst = new Look(first.Server.AttachMetrics());
        using var ofSecond = new Look(second.Server.AttachMetrics());
        using var client = first.Connect();
        client.CreateTopic("mine", 3);

        Assert.Equal(3, ofFirst.Now("fastlog.partitions.leader{}"));
        Assert.Equal(3, ofFirst.Now("fastlog.topic.partitions{topic=mine}"));
        Assert.Equal(0, ofSecond.Now("fastlog.partitions.leader{}"));
        Assert.Equal(1, ofFirst.Now("fastlog.controller.active{}"));
        Assert.Same(first.Server.AttachMetrics(), first.Server.AttachMetrics());
    }

    [Fact]
    public async Task What_is_produced_and_fetched_is_counted_by_topic()
    {
        await using var broker = await TestBroker.StartAsync();
        using var look = new Look(broker.Server.AttachMetrics());
        using var client = broker.Connect();
        client.CreateTopic("t", 1);
        var batch = TestBatch.Of("one", "two", "three");
        client.Produce("t", batch);
        client.Produce("t", batch);

        Assert.Equal(2 * batch.Length, look.Now("fastlog.topic.received{topic=t}"));
        Assert.Equal(6, look.Now("fastlog.topic.records{topic=t}"));
        Assert.Equal(2, look.Now("fastlog.topic.batches{topic=t}"));
        Assert.Equal(0, look.Now("fastlog.topic.sent{topic=t}"));
        Assert.Equal(6, look.Now("fastlog.partition.end.offset{topic=t,partition=0}"));
        Assert.Equal(2 * batch.Length, look.Now("fastlog.partition.size{topic=t,partition=0}"));

        client.FetchOne("t", offset: 0);
        Assert.Equal(2 * batch.Length, look.Now("fastlog.topic.sent{topic=t}"));
    }

    [Fact]
    public async Task Errors_are_counted_by_api_and_name()
    {
        await using var broker = await TestBroker.StartAsync("auto.create.topics.enable=false");
        using var look = new Look(broker.Server.AttachMetrics());
        using var client = broker.Connect();
        client.CreateTopic("t", 1);
        Assert.False(look.Has("fastlog.request.errors{api=Produce,error=UNKNOWN_TOPIC_OR_PARTITION}"));

        client.TryProduce("nowhere", TestBatch.Of("x"));
        client.TryProduce("nowhere", TestBatch.Of("x"));
        client.FetchOne("t", offset: 77);
        var delete = new DeleteTopicsRequest();
        delete.Topics.Add().Name = "nowhere";
        client.Send(delete, version: 6);
        OffsetRequests.Prepare(client);
        client.Send(OffsetRequests.Commit("g", "nowhere", (0, 1), (1, 1)), version: 8);
        client.Send(OffsetRequests.Commit("g", "t", (0, 1)), version: 8);
        client.Send(new HeartbeatRequest { GroupId = "g", MemberId = "nobody" }, version: 4);
        client.Send(new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = "nobody", MemberEpoch = 5 }, version: 0);

        Assert.Equal(2, look.Now("fastlog.request.errors{api=OffsetCommit,error=UNKNOWN_TOPIC_OR_PARTITION}"));
        Assert.Equal(1, look.Now("fastlog.request.errors{api=Heartbeat,error=UNKNOWN_MEMBER_ID}"));
        Assert.True(look.Has("fastlog.request.errors{api=ConsumerGroupHeartbeat,error=UNKNOWN_MEMBER_ID}")
            || look.Has("fastlog.request.errors{api=ConsumerGroupHeartbeat,error=GROUP_ID_NOT_FOUND}"));
        Assert.Equal(2, look.Now("fastlog.request.errors{api=Produce,error=UNKNOWN_TOPIC_OR_PARTITION}"));
        Assert.Equal(1, look.Now("fastlog.request.errors{api=Fetch,error=OFFSET_OUT_OF_RANGE}"));
        Assert.Equal(1, look.Now("fastlog.request.errors{api=DeleteTopics,error=UNKNOWN_TOPIC_OR_PARTITION}"));
    }

    [Fact]
    public async Task A_fetch_that_waits_is_told_of()
    {
        await using var broker = await TestBroker.StartAsync();
        using var look = new Look(broker.Server.AttachMetrics());
        using var client = broker.Connect();
        using var waiting = broker.Connect();
        client.CreateTopic("t", 1);
        waiting.SendOnly(waiting.Frame(RecordRequests.Fetch(maxWaitMs: 30_000).From("t", offset: 0), version: 12));

        Until.True(() => look.Now("fastlog.request.delayed{api=Fetch}") == 1);
        client.Produce("t", TestBatch.Of("news"));
        Until.True(() => look.Now("fastlog.request.delayed{api=Fetch}") == 0);
        Assert.Equal(0, look.Now("fastlog.request.delayed{api=Produce}"));
    }

    [Fact]
    public async Task Too_many_topics_or_partitions_have_no_series_of_their_own()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        client.CreateTopic("b", 2);
        client.CreateTopic("a", 1);
        client.CreateTopic("c", 3);

        var within = new PartitionFigures(broker.Server.Replicas, topicsMax: 3, partitionsMax: 6);
        Assert.Equal([1L, 2L, 3L], within.ByTopic(_ => 1).Select(measured => measured.Value));
        Assert.Equal([0L, 0L, 1L, 0L, 1L, 2L], within.ByPartition(partition => partition.Index).Select(measured => measured.Value));
        Assert.Equal((0, 0), (within.HiddenTopicsCount, within.HiddenPartitionsCount));

        var beyond = new PartitionFigures(broker.Server.Replicas, topicsMax: 2, partitionsMax: 5);
        Assert.Equal([1L, 2L], beyond.ByTopic(_ => 1).Select(measured => measured.Value));
        Assert.Empty(beyond.ByPartition(_ => 1));
        Assert.Equal((1, 6), (beyond.HiddenTopicsCount, beyond.HiddenPartitionsCount));
    }
}
