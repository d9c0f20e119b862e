using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Groups;

public sealed class OffsetHandlersTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task What_is_committed_is_fetched(short version)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        OffsetRequests.Prepare(client, "t");
        var commit = OffsetRequests.Commit("g", "t", (0, 5), (3, 70));
        var first = commit.Topics[0].Partitions[0];
        (first.CommittedMetadata, first.CommittedLeaderEpoch) = ("here", version >= 6 ? 4 : -1);

        Assert.Equal([ErrorCode.None, ErrorCode.None], OffsetRequests.ErrorsOf(client.Send(commit, version)));

        var fetch = new OffsetFetchRequest { GroupId = "g", Topics = [] };
        var asked = fetch.Topics.Add();
        asked.Name = "t";
        asked.PartitionIndexes.AddRange([0, 1, 3]);
        var found = client.Send(fetch, 7).Topics[0].Partitions;
        Assert.Equal(
            [(0, 5L, first.CommittedLeaderEpoch, "here"), (1, -1L, -1, ""), (3, 70L, -1, "")],
            found.Select(entry => (entry.PartitionIndex, entry.CommittedOffset, entry.CommittedLeaderEpoch, entry.Metadata)));
        Assert.All(found, entry => Assert.Equal(ErrorCode.None, entry.ErrorCode));
    }

    [Fact]
    public async Task Commits_that_follow_each_other_on_one_connection_do_not_mix()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        OffsetRequests.Prepare(client, "t", "u");
        client.SendOnly(client.Frame(OffsetRequests.Commit("g1", "t", (0, 1), (1, 2), (2, 3)), version: 8));
        client.SendOnly(client.Frame(OffsetRequests.Commit("g2", "nothing", (0, 9)), version: 8));
        client.SendOnly(client.Frame(OffsetRequests.Commit("g3", "u", (3, 4)), version: 8));

        Assert.Equal(
            [ErrorCode.None, ErrorCode.None, ErrorCode.None],
            OffsetRequests.ErrorsOf(client.Receive<OffsetCommitResponse>(ApiKey.OffsetCommit, 8)));
        Assert.Equal(
            [ErrorCode.UnknownTopicOrPartition],
            OffsetRequests.ErrorsOf(client.Receive<OffsetCommitResponse>(ApiKey.OffsetCommit, 8)));
        Assert.Equal([ErrorCode.None], OffsetRequests.ErrorsOf(client.Receive<OffsetCommitResponse>(ApiKey.OffsetCommit, 8)));
        Assert.Equal(new() { [("t", 0)] = 1, [("t", 1)] = 2, [("t", 2)] = 3 }, OffsetRequests.Fetch(client, "g1"));
        Assert.Empty(OffsetRequests.Fetch(client, "g2"));
        Assert.Equal(new() { [("u", 3)] = 4 }, OffsetRequests.Fetch(client, "g3"));
    }

    [Fact]
    public async Task Offsets_of_many_groups_are_fetched_at_once()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        OffsetRequests.Prepare(client, "t", "u");
        client.Send(OffsetRequests.Commit("g1", "t", (0, 1)), 8);
        client.Send(OffsetRequests.Commit("g2", "u", (1, 2)), 8);
        var fetch = new OffsetFetchRequest();
        foreach (var group in new[] { "g1", "g2", "nobody" })
        {
            var asked = fetch.Groups.Add();
            (asked.GroupId, asked.Topics) = (group, null);
        }

        var groups = client.Send(fetch, 9).Groups;

        Assert.Equal(["g1", "g2", "nobody"], groups.Select(group => group.GroupId));
        Assert.Equal(["t 0 1"], Lines(groups[0]));
        Assert.Equal(["u 1 2"], Lines(groups[1]));
        Assert.Empty(groups[2].Topics);
        Assert.All(groups, group => Assert.Equal(ErrorCode.None, group.ErrorCode));
    }

    [Fact]
    public async Task A_partition_that_cannot_be_committed_does_not_keep_the_others_back()
    {
        await using var broker = await TestBroker.StartAsync("offset.metadata.max.bytes=4");
        using var client = broker.Connect();
        OffsetRequests.Prepare(client, "t");
        var commit = OffsetRequests.Commit("g", "t", (0, 5), (1, 6), (4, 7), (-1, 8));
        commit.Topics[0].Partitions[1].CommittedMetadata = "ééé";
        var unknown = commit.Topics.Add();
        unknown.Name = "unknown";
        unknown.Partitions.Add().CommittedMetadata = null;

        var errors = OffsetRequests.ErrorsOf(client.Send(commit, 8));

        Assert.Equal(
            [
                ErrorCode.None,
                ErrorCode.OffsetMetadataTooLarge,
                ErrorCode.UnknownTopicOrPartition,
                ErrorCode.UnknownTopicOrPartition,
                ErrorCode.UnknownTopicOrPartition,
            ],
            errors);
        Assert.Equal(5, Assert.Single(OffsetRequests.Fetch(client, "g")).Value);
    }

    [Fact]
    public async Task A_generation_of_a_group_that_is_not_there_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        OffsetRequests.Prepare(client, "t");
        var commit = OffsetRequests.Commit("g", "t", (0, 5));
        (commit.GenerationIdOrMemberEpoch, commit.MemberId) = (3, "somebody");

        Assert.Equal([ErrorCode.IllegalGeneration], OffsetRequests.ErrorsOf(client.Send(commit, 8)));
        Assert.Equal([ErrorCode.GroupIdNotFound], OffsetRequests.ErrorsOf(client.Send(commit, 9)));
        Assert.Empty(OffsetRequests.Fetch(client, "g"));
    }

    [Fact]
    public async Task Before_the_coordinators_topic_exists_nobody_coordinates()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        client.CreateTopic("t", partitions: 1);

        var errors = OffsetRequests.ErrorsOf(client.Send(OffsetRequests.Commit("g", "t", (0, 5)), 8));

        Assert.Equal([ErrorCode.NotCoordinator], errors);
    }

    [Fact]
    public async Task Offsets_outlive_a_restart()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var client = broker.Connect())
        {
            OffsetRequests.Prepare(client, "t");
            for (var offset = 1; offset <= 50; offset++)
            {
                client.Send(OffsetRequests.Commit("g" + (offset % 7), "t", (offset % 4, offset)), 8);
            }
        }

        await broker.RestartAsync();

        using var again = broker.Connect();
        for (var group = 0; group < 7; group++)
        {
            var expected = Enumerable.Range(1, 50).Where(offset => offset % 7 == group)
                .GroupBy(offset => offset % 4)
                .ToDictionary(offsets => ("t", offsets.Key), offsets => (long)offsets.Max());
            Until.True(() => Answers(again, "g" + group));
            Assert.Equal(expected, OffsetRequests.Fetch(again, "g" + group));
        }
    }

    [Fact]
    public async Task Offsets_of_a_deleted_topic_go_with_it()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        OffsetRequests.Prepare(client, "t", "u");
        client.Send(OffsetRequests.Commit("g", "t", (0, 5), (1, 6)), 8);
        client.Send(OffsetRequests.Commit("g", "u", (2, 7)), 8);

        client.DeleteTopic("t");

        Until.True(() => OffsetRequests.Fetch(client, "g").Count == 1);
        Assert.Equal(7, OffsetRequests.Fetch(client, "g")[("u", 2)]);
    }

    [Fact]
    public async Task Single_offsets_can_be_deleted()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        OffsetRequests.Prepare(client, "t");
        client.Send(OffsetRequests.Commit("g", "t", (0, 5), (1, 6)), 8);
        var request = new OffsetDeleteRequest { GroupId = "g" };
        var topic = request.Topics.Add();
        topic.Name = "t";
        topic.Partitions.Add().PartitionIndex = 1;
        topic.Partitions.Add().PartitionIndex = 2;

        var response = client.Send(request, 0);

        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.All(response.Topics[0].Partitions, entry => Assert.Equal(ErrorCode.None, entry.ErrorCode));
        Assert.Equal([(("t", 0), 5L)], OffsetRequests.Fetch(client, "g").Select(entry => (entry.Key, entry.Value)));
        request.GroupId = "nobody";
        Assert.Equal(ErrorCode.GroupIdNotFound, client.Send(request, 0).ErrorCode);
        (request.GroupId, topic.Name) = ("g", "unknown");
        Assert.All(
            client.Send(request, 0).Topics[0].Partitions,
            entry => Assert.Equal(ErrorCode.UnknownTopicOrPartition, entry.ErrorCode));
    }

    [Fact]
    public async Task A_group_is_listed_and_deleted_with_its_offsets()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        OffsetRequests.Prepare(client, "t");
        client.Send(OffsetRequests.Commit("g", "t", (0, 5)), 8);
        var listed = Assert.Single(client.Send(new ListGroupsRequest(), 5).Groups);
        Assert.Equal(("g", "", "Empty", "classic"), (listed.GroupId, listed.ProtocolType, listed.GroupState, listed.GroupType));
        var filtered = new ListGroupsRequest();
        filtered.TypesFilter.Add("consumer");
        Assert.Empty(client.Send(filtered, 5).Groups);
        var request = new DeleteGroupsRequest();
        request.GroupsNames.AddRange(["g", "nobody", ""]);

        var results = client.Send(request, 2).Results;

        Assert.Equal(
            [("g", ErrorCode.None), ("nobody", ErrorCode.GroupIdNotFound), ("", ErrorCode.InvalidGroupId)],
            results.Select(result => (result.GroupId, result.ErrorCode)));
        Assert.Empty(client.Send(new ListGroupsRequest(), 5).Groups);
        Assert.Empty(OffsetRequests.Fetch(client, "g"));
        await broker.RestartAsync();
        using var again = broker.Connect();
        Until.True(() => Answers(again, "g"));
        Assert.Empty(OffsetRequests.Fetch(again, "g"));
    }

    private static bool Answers(TestClient client, string group)
    {
        var fetch = new OffsetFetchRequest { GroupId = group, Topics = null };
        return client.Send(fetch, 7).ErrorCode != ErrorCode.CoordinatorLoadInProgress;
    }

    private static List<string> Lines(OffsetFetchResponse.OffsetFetchResponseGroup group) =>
    [
        .. group.Topics.SelectMany(topic =>
            topic.Partitions.Select(entry => $"{topic.Name} {entry.PartitionIndex} {entry.CommittedOffset}")),
    ];
}
