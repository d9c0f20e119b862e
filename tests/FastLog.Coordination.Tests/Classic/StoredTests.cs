using FastLog.Protocol;
using FastLog.Protocol.Messages;
using static FastLog.Coordination.Tests.Classic.ClassicRequests;

namespace FastLog.Coordination.Tests.Classic;

public sealed class StoredTests
{
    private readonly ClassicShard _shard = new();

    [Fact]
    public void A_new_group_is_stored_empty_in_version_3()
    {
        _shard.Join(Join());
        var value = Assert.Single(_shard.Written)!;
        Assert.Equal(
            ("", 0, null, null, 0, _shard.NowMs),
            (value.ProtocolType, value.Generation, value.Protocol, value.Leader, value.Members.Count, value.CurrentStateTimestamp));

        // Version, type, generation, protocol, leader, timestamp, members: 24 bytes, as Kafka writes them.
        var bytes = _shard.WrittenBytes[0]!;
        Assert.Equal("0003" + "0000" + "00000000" + "ffff" + "ffff", Convert.ToHexStringLower(bytes.AsSpan(0, 12)));
        Assert.Equal(24, bytes.Length);
    }

    [Fact]
    public void A_loaded_group_is_stable_and_its_members_go_on()
    {
        var ids = _shard.StableGroup(3);
        _shard.Restart();
        var group = _shard.Group;
        Assert.Equal(
            (ClassicGroupState.Stable, 1, "range", ids[0], "consumer"),
            (group.State, group.Generation, group.ProtocolName, group.LeaderId, group.ProtocolType));
        foreach (var id in ids)
        {
            Assert.Equal(ErrorCode.None, _shard.Heartbeat(Heartbeat(id, 1)));
            Assert.Equal("for " + id, ClassicShard.Text(_shard.Sync(Sync(id, 1)).Response.Assignment));
            var member = group.FindMember(id)!;
            Assert.Equal(
                (SessionMs, RebalanceMs, "client", "/127.0.0.1"),
                (member.SessionTimeoutMs, member.RebalanceTimeoutMs, member.ClientId, member.ClientHost));
        }

        // A follower that rejoins as it was finds nothing changed.
        Assert.Equal(1, _shard.Join(Join(ids[1])).Response.GenerationId);
    }

    [Fact]
    public void Members_that_are_silent_after_loading_expire()
    {
        var ids = _shard.StableGroup(2);
        _shard.Restart();
        _shard.Pass(SessionMs - 1);
        Assert.Equal(ErrorCode.None, _shard.Heartbeat(Heartbeat(ids[0], 1)));
        _shard.Pass(1);
        Assert.Equal(ids[0], Assert.Single(_shard.Group.Members).Id);
    }

    [Fact]
    public void A_generation_without_assignments_is_forgotten()
    {
        var ids = _shard.StableGroup(1);
        var join = _shard.Join(Join(ids[0]));
        Assert.Equal(2, join.Response.GenerationId);
        _shard.Restart();
        Assert.Equal(ErrorCode.IllegalGeneration, _shard.Sync(Sync(ids[0], 2)).Response.ErrorCode);
        Assert.Equal(1, _shard.Group.Generation);
    }

    [Fact]
    public void An_empty_group_is_loaded_empty()
    {
        var ids = _shard.StableGroup(1);
        _shard.Leave(Leave((ids[0], null)));
        var emptyMs = _shard.NowMs;
        _shard.Pass(10);
        _shard.Restart();
        Assert.Equal((ClassicGroupState.Empty, 2), (_shard.Group.State, _shard.Group.Generation));
        Assert.Equal(emptyMs, _shard.Group.OffsetExpiresFromMs("t", 5));
    }

    [Fact]
    public void Static_members_are_known_by_their_names_after_loading()
    {
        var ids = _shard.Meet(Join(instanceId: "i"));
        _shard.Assign(ids);
        _shard.Restart();
        Assert.Equal(1, _shard.Join(Join(instanceId: "i")).Response.GenerationId);
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Heartbeat(Heartbeat(ids[0], 1, "i")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Every_version_can_be_read(short version)
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = "consumer",
            Generation = 7,
            Protocol = "range",
            Leader = "m",
            CurrentStateTimestamp = 9,
        };
        var stored = value.Members.Add();
        (stored.MemberId, stored.ClientId, stored.ClientHost) = ("m", "c", "/h");
        (stored.RebalanceTimeout, stored.SessionTimeout) = (8_000, 9_000);
        (stored.Subscription, stored.Assignment) = (Subscription("t"), Assignment("t", 1));
        var read = new GroupMetadataValue();
        VersionPrefixed.Decode(read, VersionPrefixed.ToArray(value, version));
        _shard.Protocol.Replay(new GroupMetadataKey { Group = "g" }, read);
        var member = Assert.Single(_shard.Group.Members);
        Assert.Equal(("m", 7, 9_000), (_shard.Group.LeaderId, _shard.Group.Generation, member.SessionTimeoutMs));
        Assert.Equal(version == 0 ? 9_000 : 8_000, member.RebalanceTimeoutMs);
        Assert.True(member.Assignment.Span.SequenceEqual(Assignment("t", 1)));
        Assert.True(_shard.Group.IsSubscribedTo("t"));
    }

    [Fact]
    public void A_tombstone_removes_a_classic_group_only()
    {
        var ids = _shard.StableGroup(1);
        _shard.Leave(Leave((ids[0], null)));
        var group = _shard.Group;
        _shard.Run(group.WriteTombstones);
        Assert.Null(_shard.Groups.Find("g"));
        Assert.Equal("Dead", group.StateName);
        Assert.Null(_shard.Written[^1]);

        var other = new OtherGroup("g", isEmpty: true);
        _shard.Groups.Put(other);
        _shard.Protocol.Replay(new GroupMetadataKey { Group = "g" }, null);
        Assert.Same(other, _shard.Groups.Find("g"));
    }

    [Fact]
    public void A_promised_id_is_gone_with_its_group()
    {
        var promised = _shard.Join(Join()).Response.MemberId;
        _shard.Run(_shard.Group.WriteTombstones);
        _shard.Pass(SessionMs);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Join(Join(promised)).Response.ErrorCode);
    }

    [Fact]
    public void An_empty_group_of_another_kind_makes_room()
    {
        var other = new OtherGroup("g", isEmpty: true);
        _shard.Groups.Put(other);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Join(Join("m")).Response.ErrorCode);
        _shard.LogError = ErrorCode.NotCoordinator;
        Assert.Equal(ErrorCode.NotCoordinator, _shard.Join(Join()).Response.ErrorCode);
        Assert.Same(other, _shard.Groups.Find("g"));
        _shard.LogError = ErrorCode.None;
        Assert.Equal(ErrorCode.MemberIdRequired, _shard.Join(Join()).Response.ErrorCode);
        Assert.Equal(2, other.TombstonesWritten);
        Assert.Equal(GroupType.Classic, _shard.Group.Type);
    }

    [Fact]
    public void A_group_of_another_kind_with_members_stays()
    {
        var other = new OtherGroup("g", isEmpty: false);
        _shard.Groups.Put(other);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _shard.Join(Join()).Response.ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, _shard.Heartbeat(Heartbeat("m", 1)));
        Assert.Same(other, _shard.Groups.Find("g"));
    }

    [Fact]
    public void A_consumer_group_goes_on_as_a_classic_group()
    {
        ClassicMemberData[] members =
        [
            Member("m1", null, "sticky", "range"),
            Member("m2", "i", "range", "sticky"),
            Member("m3", null, "range"),
        ];
        _shard.Run(turn =>
        {
            turn.Write(ClassicProtocol.DowngradeRecord("g", 12, turn.NowMs, members));
            turn.OnAppended(done => _shard.Protocol.OnDowngraded(done, _shard.Group, members));
        });
        Assert.Equal(
            (ClassicGroupState.PreparingRebalance, 12, "range"),
            (_shard.Group.State, _shard.Group.Generation, _shard.Group.ProtocolName));
        Assert.Equal(ErrorCode.RebalanceInProgress, _shard.Heartbeat(Heartbeat("m1", 12)));
        Assert.Equal(2, _shard.Group.FindMember("m1")!.Protocols.Count);
        _shard.Pass(SessionMs - 1);
        _shard.Heartbeat(Heartbeat("m1", 12));
        _shard.Pass(1);
        Assert.Equal(("m1", 2), (Assert.Single(_shard.Group.Members).Id, _shard.Group.FindMember("m1")!.Protocols.Count));
        Assert.Equal(13, _shard.Join(Join("m1", protocols: ["sticky"])).Response.GenerationId);
    }

    [Fact]
    public void Members_without_a_common_protocol_make_no_classic_group() => Assert.Throws<ArgumentException>(
        static () => ClassicProtocol.DowngradeRecord("g", 1, 0, [Member("m1", null, "a"), Member("m2", null, "b")]));

    private static ClassicMemberData Member(string id, string? instanceId, params string[] protocols) => new(
        id,
        instanceId,
        "client",
        "/127.0.0.1",
        RebalanceMs,
        SessionMs,
        [.. protocols.Select(static name => new ClassicMemberProtocol(name, Subscription("t")))],
        Assignment("t", 0));

    private sealed class OtherGroup(string id, bool isEmpty) : Group(id)
    {
        public int TombstonesWritten { get; private set; }

        public override GroupType Type => GroupType.Consumer;

        public override string StateName => "Empty";

        public override string ProtocolType => "consumer";

        public override bool IsEmpty => isEmpty;

        public override ErrorCode CheckOffsetCommit(Turn turn, in OffsetCommitter who) => ErrorCode.None;

        public override ErrorCode CheckOffsetFetch(string? memberId, int memberEpoch) => ErrorCode.None;

        public override ErrorCode CheckOffsetDelete() => ErrorCode.None;

        public override bool IsSubscribedTo(string topic) => false;

        public override long? OffsetExpiresFromMs(string topic, long commitTimestampMs) => null;

        public override void WriteTombstones(Turn turn) => TombstonesWritten++;

        public override void OnLoaded(Turn turn)
        {
        }

        public override void OnUnloaded(Turn turn, ErrorCode error)
        {
        }
    }
}
