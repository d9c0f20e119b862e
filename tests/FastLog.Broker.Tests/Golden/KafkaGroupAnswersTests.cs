using System.Buffers.Binary;
using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Golden;

/// <summary>
/// Requests about groups that were sent to Apache Kafka 4.0.0 are sent to this broker and the answers compared: what
/// there is no doubt about, which is unknown groups and members, and what groups without members show.
/// </summary>
public sealed class KafkaGroupAnswersTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private TestClient _client = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync("offsets.topic.num.partitions=2", "group.initial.rebalance.delay.ms=0");
        _client = _broker.Connect();
        _client.CreateTopic("gen-topic", 2);
        Assert.Equal(ErrorCode.None, _client.Send(new FindCoordinatorRequest { Key = "g" }, 1).ErrorCode);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public void OffsetCommit_of_a_simple_group_to_a_known_and_an_unknown_topic()
    {
        var rows = Rows(ApiKey.OffsetCommit, "gen-simple");
        Assert.True(rows.Length >= 7);
        Compare<OffsetCommitResponse>(rows, response => response.Topics
            .SelectMany(topic => topic.Partitions.Select(p => $"{topic.Name}/{p.PartitionIndex} {p.ErrorCode}")));
    }

    [Fact]
    public void OffsetFetch_of_a_group_that_is_not_there_to_the_byte()
    {
        var rows = Rows(ApiKey.OffsetFetch, "gen-nogroup");
        Assert.True(rows.Length >= 5);
        foreach (var row in rows)
        {
            Assert.Equal(Convert.ToHexStringLower(row.Response), Convert.ToHexStringLower(Ask(row)));
        }
    }

    [Fact]
    public void JoinGroup_and_Heartbeat_and_LeaveGroup_of_a_member_nobody_knows()
    {
        foreach (var group in Enumerable.Range(2, 8).Select(version => $"gen-cg-{version}"))
        {
            Commit(group);
        }

        Compare<JoinGroupResponse>(Rows(ApiKey.JoinGroup, "nobody", least: 6), response =>
            [$"{response.ErrorCode} {response.GenerationId} {response.ProtocolType} {response.ProtocolName} {response.Leader} {response.MemberId} {response.Members.Count}"]);
        Compare<HeartbeatResponse>(Rows(ApiKey.Heartbeat, "nobody", least: 5), response => [$"{response.ErrorCode}"]);
        Compare<LeaveGroupResponse>(Rows(ApiKey.LeaveGroup, "nobody", least: 6), response =>
            [$"{response.ErrorCode}", .. response.Members.Select(m => $"{m.MemberId} {m.GroupInstanceId} {m.ErrorCode}")]);
    }

    [Fact]
    public void JoinGroup_without_a_member_id_asks_to_come_again_with_the_one_given()
    {
        var rows = GoldenRow.Of(ApiKey.JoinGroup).Where(row => row.Client == "generated" && row.Version >= 4)
            .Where(row => TestClient.Decode<JoinGroupResponse>(row.Response, row.Api, row.Version, out _).ErrorCode == ErrorCode.MemberIdRequired)
            .ToArray();
        Assert.True(rows.Length >= 4);
        Compare<JoinGroupResponse>(rows, response =>
            [$"{response.ErrorCode} {response.GenerationId} {response.ProtocolType} {response.ProtocolName} {response.Leader} {response.MemberId.Length} {response.Members.Count}"]);
    }

    [Fact]
    public void DescribeGroups_of_a_group_without_members_and_of_none()
    {
        Commit("gen-simple");
        Compare<DescribeGroupsResponse>(Rows(ApiKey.DescribeGroups, "gen-nogroup", least: 3), response => response.Groups.Select(
            g => $"{g.GroupId} {g.ErrorCode} '{g.ErrorMessage}' {g.GroupState} '{g.ProtocolType}' '{g.ProtocolData}' {g.Members.Count} {g.AuthorizedOperations}"));
    }

    [Fact]
    public void DeleteGroups_of_an_empty_a_missing_and_a_living_group()
    {
        foreach (var version in (int[])[0, 1, 2])
        {
            Commit($"gen-del{version}");
        }

        var join = new JoinGroupRequest { GroupId = "gen-cg-9", SessionTimeoutMs = 30_000, RebalanceTimeoutMs = 30_000, ProtocolType = "consumer" };
        join.Protocols.Add().Name = "range";
        Assert.Equal(ErrorCode.None, _client.Send(join, 3).ErrorCode);
        Compare<DeleteGroupsResponse>(Rows(ApiKey.DeleteGroups, "gen-nogroup", least: 3), response =>
            response.Results.Select(result => $"{result.GroupId} {result.ErrorCode}"));
    }

    [Fact]
    public void OffsetDelete_of_a_group_that_is_not_there() =>
        Compare<OffsetDeleteResponse>(Rows(ApiKey.OffsetDelete, "gen-nogroup", least: 1), response =>
            [$"{response.ErrorCode} {response.Topics.Count}"]);

    [Fact]
    public void ConsumerGroupHeartbeat_of_a_member_nobody_knows()
    {
        foreach (var group in (string[])["gen-848-0", "gen-848-1"])
        {
            var join = new ConsumerGroupHeartbeatRequest { GroupId = group, MemberId = "one", RebalanceTimeoutMs = 30_000, SubscribedTopicNames = [], TopicPartitions = [] };
            join.SubscribedTopicNames.Add("gen-topic");
            Assert.Equal(ErrorCode.None, _client.Send(join, 1).ErrorCode);
        }

        Compare<ConsumerGroupHeartbeatResponse>(Rows(ApiKey.ConsumerGroupHeartbeat, "nobody", least: 2), response =>
            [$"{response.ErrorCode} {response.MemberId} {response.MemberEpoch} {response.HeartbeatIntervalMs} {response.Assignment is null}"]);
    }

    [Fact]
    public void ConsumerGroupDescribe_of_a_group_that_is_not_there() =>
        Compare<ConsumerGroupDescribeResponse>(Rows(ApiKey.ConsumerGroupDescribe, "gen-nogroup", least: 2), response => response.Groups
            .Where(g => g.GroupId == "gen-nogroup")
            .Select(g => $"{g.ErrorCode} '{g.GroupState}' {g.GroupEpoch} {g.AssignmentEpoch} '{g.AssignorName}' {g.Members.Count} {g.AuthorizedOperations}"));

    private void Compare<TResponse>(GoldenRow[] rows, Func<TResponse, IEnumerable<string>> textOf)
        where TResponse : IResponse, new()
    {
        foreach (var row in rows)
        {
            var kafka = textOf(TestClient.Decode<TResponse>(row.Response, row.Api, row.Version, out _));
            var ours = textOf(TestClient.Decode<TResponse>(Ask(row), row.Api, row.Version, out _));
            string[] named = [$"{row.Api} v{row.Version}"];
            Assert.Equal(named.Concat(kafka.Order(StringComparer.Ordinal)), named.Concat(ours.Order(StringComparer.Ordinal)));
        }
    }

    private byte[] Ask(GoldenRow row)
    {
        byte[] frame = [0, 0, 0, 0, .. row.Request];
        BinaryPrimitives.WriteInt32BigEndian(frame, row.Request.Length);
        return _client.SendBytes(frame).ToArray();
    }

    private void Commit(string group)
    {
        var commit = Groups.OffsetRequests.Commit(group, "gen-topic", (0, 1));
        Assert.Equal([ErrorCode.None], Groups.OffsetRequests.ErrorsOf(_client.Send(commit, 8)));
    }

    private static GoldenRow[] Rows(ApiKey api, string named, int least = 1)
    {
        var rows = GoldenRow.Of(api)
            .Where(row => row.Client == "generated" && row.Request.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(named)) >= 0)
            .ToArray();
        Assert.True(rows.Length >= least, $"{api}: {rows.Length} requests with {named}");
        return rows;
    }
}
