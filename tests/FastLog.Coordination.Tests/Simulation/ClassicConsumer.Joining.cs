using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Simulation;

/// <content>JoinGroup and SyncGroup.</content>
internal sealed partial class ClassicConsumer
{
    private string ProtocolName => settings.IsCooperative ? "cooperative" : "range";

    private void Join()
    {
        Enter(ConsumerPhase.Joining);
        _topicsAssigned = null;
        if (!settings.IsCooperative)
        {
            _owned.Clear();
        }

        var request = new JoinGroupRequest
        {
            GroupId = settings.Group,
            MemberId = MemberId,
            GroupInstanceId = settings.InstanceId,
            ProtocolType = "consumer",
            SessionTimeoutMs = SessionTimeoutMs,
            RebalanceTimeoutMs = RebalanceTimeoutMs,
        };
        var protocol = request.Protocols.Add();
        protocol.Name = ProtocolName;
        _topicsJoined = Topics;
        protocol.Metadata = LeaderAssigning.Subscription(Topics, _owned, Generation);
        var version = (short)(settings.IsOld ? 3 : 9);
        var what = $"{settings.Name} joins as '{MemberId}'";
        network.Call(
            what,
            JoinTimeoutMs,
            (shard, turn, reply) =>
            {
                var asked = watch.Now;
                shard.JoinGroup(turn, Origin(version), request, response =>
                {
                    if (response.ErrorCode == ErrorCode.None)
                    {
                        watch.OnJoined(what, response.GenerationId, asked);
                    }

                    reply(response);
                });
            },
            GroupErrors.Respond<JoinGroupResponse>,
            InThisRound<JoinGroupResponse>(OnJoined));
    }

    private void OnJoined(JoinGroupResponse? response)
    {
        if (response is null)
        {
            JoinSoon();
        }
        else if (response.ErrorCode == ErrorCode.MemberIdRequired)
        {
            MemberId = response.MemberId;
            Join();
        }
        else if (response.ErrorCode != ErrorCode.None)
        {
            OnError(response.ErrorCode, "join");
        }
        else
        {
            (MemberId, Generation) = (response.MemberId, response.GenerationId);
            world.Note($"{settings.Name} joined {settings.Group} {Generation} as {MemberId}, leader {response.Leader}");
            Sync(response);
        }
    }

    private void Sync(JoinGroupResponse joined)
    {
        Enter(ConsumerPhase.Syncing);
        var request = new SyncGroupRequest
        {
            GroupId = settings.Group,
            MemberId = MemberId,
            GenerationId = Generation,
            GroupInstanceId = settings.InstanceId,
            ProtocolType = "consumer",
            ProtocolName = ProtocolName,
        };
        if (joined.Leader == MemberId)
        {
            Lead(joined, request);
        }

        var (version, what) = ((short)(settings.IsOld ? 2 : 5), $"{settings.Name} syncs {Generation}");
        network.Call(
            what,
            JoinTimeoutMs,
            (shard, turn, reply) =>
            {
                var asked = watch.Now;
                shard.SyncGroup(turn, Origin(version), request, response =>
                {
                    if (response.ErrorCode == ErrorCode.None)
                    {
                        watch.OnAssigned(what, request.GenerationId, asked);
                    }

                    reply(response);
                });
            },
            GroupErrors.Respond<SyncGroupResponse>,
            InThisRound<SyncGroupResponse>(OnSynced));
    }

    private void Lead(JoinGroupResponse joined, SyncGroupRequest request)
    {
        if (joined.SkipAssignment)
        {
            // It does not know which topics were assigned: as if none had been, so that it looks at them anew.
            _topicsAssigned = Topics.ToDictionary(topic => topic, _ => 0);
            return;
        }

        var assigned = LeaderAssigning.Assign(joined, world.Topics, settings.IsCooperative);
        foreach (var (memberId, places) in assigned)
        {
            var entry = request.Assignments.Add();
            entry.MemberId = memberId;
            entry.Assignment = LeaderAssigning.Assignment(places);
        }

        _topicsAssigned = [];
        foreach (var member in joined.Members)
        {
            var subscription = new ConsumerProtocolSubscription();
            VersionPrefixed.Decode(subscription, member.Metadata);
            foreach (var topic in subscription.Topics)
            {
                _topicsAssigned[topic] = CountOf(topic);
            }
        }
    }

    private void OnSynced(SyncGroupResponse? response)
    {
        if (response is null)
        {
            JoinSoon();
            return;
        }

        if (response.ErrorCode != ErrorCode.None)
        {
            OnError(response.ErrorCode, "sync");
            return;
        }

        var assigned = LeaderAssigning.ReadAssignment(response.Assignment);
        var hasRevoked = settings.IsCooperative && _owned.Except(assigned).Any();
        _owned.Clear();
        _owned.UnionWith(assigned);
        world.Note($"{settings.Name} owns in {Generation}: {string.Join(' ', assigned.Order())}");
        if (hasRevoked || _topicsJoined != Topics)
        {
            // What it has given up can go to others now; or it wants other topics than those it joined for.
            Join();
        }
        else
        {
            BeStable();
        }
    }
}
