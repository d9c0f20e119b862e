using FastLog.Broker.FetchSessions;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.FetchSessions;

public sealed class FetchContextTests
{
    private const short NamesVersion = 12;
    private const short IdsVersion = 13;

    private readonly FetchSessionCache _sessions = new(slotsMax: 2, TimeProvider.System);

    [Fact]
    public void Session_id_0_with_epoch_0_opens_a_session_with_the_partitions_named()
    {
        var context = Open(("a", 0), ("a", 1));

        Assert.NotNull(context.Session);
        Assert.NotEqual(0, context.Session.Id);
        Assert.False(context.Incremental);
        Assert.Equal([0, 1], PartitionsOf(context.Session));
    }

    [Fact]
    public void Epoch_minus_1_is_a_full_fetch_that_closes_the_session_named()
    {
        var session = Open(("a", 0)).Session!;

        var context = FetchContext.For(Request(session.Id, -1, ("a", 0)), NamesVersion, _sessions, false);

        Assert.Null(context.Session);
        Assert.Equal(ErrorCode.None, context.Error);
        Assert.Null(_sessions.Find(session.Id));
    }

    [Fact]
    public void Incremental_requests_must_count_epochs_up()
    {
        var session = Open(("a", 0)).Session!;

        Assert.True(Continue(session.Id, 1).Incremental);
        Assert.True(Continue(session.Id, 2).Incremental);
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, Continue(session.Id, 2).Error);
        Assert.True(Continue(session.Id, 3).Incremental);
    }

    [Fact]
    public void Unknown_sessions_and_changed_addressing_have_their_errors()
    {
        var session = Open(("a", 0)).Session!;

        Assert.Equal(ErrorCode.FetchSessionIdNotFound, Continue(session.Id == 7 ? 8 : 7, 1).Error);
        Assert.Equal(
            ErrorCode.FetchSessionTopicIdError,
            FetchContext.For(Request(session.Id, 1), IdsVersion, _sessions, false).Error);
    }

    [Fact]
    public void Incremental_requests_add_change_and_forget_partitions()
    {
        var session = Open(("a", 0), ("a", 1)).Session!;
        var request = Request(session.Id, 1, ("a", 2));
        var forgotten = request.ForgottenTopicsData.Add();
        forgotten.Topic = "a";
        forgotten.Partitions.Add(0);

        FetchContext.For(request, NamesVersion, _sessions, false);

        Assert.Equal([1, 2], PartitionsOf(session));
    }

    [Fact]
    public void A_session_emptied_by_forgetting_ends()
    {
        var session = Open(("a", 0)).Session!;
        var request = Request(session.Id, 1);
        var forgotten = request.ForgottenTopicsData.Add();
        forgotten.Topic = "a";
        forgotten.Partitions.Add(0);

        var context = FetchContext.For(request, NamesVersion, _sessions, false);

        Assert.Null(context.Session);
        Assert.Equal(0, _sessions.Count);
    }

    [Fact]
    public void Without_a_free_slot_the_fetch_stays_sessionless_but_a_follower_takes_a_consumers_slot()
    {
        var first = Open(("a", 0)).Session!;
        Open(("b", 0));

        Assert.Null(Open(("c", 0)).Session);
        var follower = FetchContext.For(Request(0, 0, ("c", 0)), NamesVersion, _sessions, follower: true);
        Assert.NotNull(follower.Session);
        Assert.Null(_sessions.Find(first.Id));
    }

    [Fact]
    public void A_response_mentions_a_partition_again_only_with_news_and_data_moves_it_to_the_end()
    {
        var session = Open(("a", 0), ("a", 1)).Session!;
        var node = session.InOrder.First!;

        Assert.True(session.Report(node, new PartitionNews(ErrorCode.None, false, false, 5, 0)));
        Assert.False(session.Report(node, new PartitionNews(ErrorCode.None, false, false, 5, 0)));
        Assert.Equal([0, 1], PartitionsOf(session));
        Assert.True(session.Report(node, new PartitionNews(ErrorCode.None, true, false, 5, 0)));
        Assert.Equal([1, 0], PartitionsOf(session));
        Assert.True(session.Report(node, new PartitionNews(ErrorCode.None, false, false, 6, 0)));
        Assert.True(session.Report(node, new PartitionNews(ErrorCode.KafkaStorageError, false, false, 6, 0)));
    }

    [Fact]
    public void All_sessions_together_have_room_for_so_many_partitions()
    {
        var half = Enumerable.Range(0, FetchSessionCache.PartitionsMax / 2).Select(index => ("big", index)).ToArray();
        var sessions = new FetchSessionCache(slotsMax: 10, TimeProvider.System);
        var first = FetchContext.For(Request(0, 0, half), NamesVersion, sessions, false).Session!;
        var second = FetchContext.For(Request(0, 0, half), NamesVersion, sessions, false).Session!;

        // Full: a new session is not kept, and one that grows ends.
        var third = FetchContext.For(Request(0, 0, ("one", 0)), NamesVersion, sessions, false);
        Assert.Equal((null, ErrorCode.None), (third.Session, third.Error));
        var grown = FetchContext.For(Request(second.Id, 1, ("one", 0)), NamesVersion, sessions, false);
        Assert.Equal((null, ErrorCode.FetchSessionIdNotFound), (grown.Session, grown.Error));
        Assert.Null(sessions.Find(second.Id));

        // What ended made room.
        Assert.NotNull(FetchContext.For(Request(0, 0, ("one", 0)), NamesVersion, sessions, false).Session);
        Assert.NotNull(FetchContext.For(Request(first.Id, 1, ("one", 0)), NamesVersion, sessions, false).Session);
        Assert.Equal(2, sessions.Count);
    }

    private FetchContext Open(params (string Topic, int Partition)[] partitions) =>
        FetchContext.For(Request(0, 0, partitions), NamesVersion, _sessions, false);

    private FetchContext Continue(int id, int epoch) =>
        FetchContext.For(Request(id, epoch), NamesVersion, _sessions, false);

    private static FetchRequest Request(int id, int epoch, params (string Topic, int Partition)[] partitions)
    {
        var request = new FetchRequest { SessionId = id, SessionEpoch = epoch };
        foreach (var (name, index) in partitions)
        {
            var topic = request.Topics.Add();
            topic.Topic = name;
            topic.Partitions.Add().Partition = index;
        }

        return request;
    }

    private static IEnumerable<int> PartitionsOf(FetchSession session) =>
        session.InOrder.Select(partition => partition.Request.PartitionIndex);
}
