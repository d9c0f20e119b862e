using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Consumer;

/// <summary>Computes the target assignment for the group's epoch and writes what of it is new: key types 7 and 6.</summary>
internal static class TargetAssignment
{
    public static void Update(GroupDraft draft, AssignorChoice assignors)
    {
        var group = draft.State;
        var subscriptions = new SharedSubscriptions(group);
        var specs = new Dictionary<string, MemberSpec>(group.Members.Count, StringComparer.Ordinal);
        foreach (var (memberId, member) in group.Members)
        {
            specs.Add(memberId, new MemberSpec
            {
                InstanceId = member.Metadata.InstanceId,
                RackId = member.Metadata.RackId,
                SubscribedTopicIds = subscriptions.Of(member.Metadata),
                Assigned = group.TargetOf(memberId) ?? TopicPartitionSet.Empty,
            });
        }

        var assignment = assignors.For(group).Assign(new GroupSpec(specs), group.Topics);
        foreach (var memberId in specs.Keys)
        {
            var target = assignment.TargetOf(memberId);
            if (!target.Equals(group.TargetOf(memberId)))
            {
                draft.Write(ConsumerRecords.Target(draft.GroupId, memberId, target));
            }
        }

        draft.Write(ConsumerRecords.TargetEpoch(draft.GroupId, group.GroupEpoch));
    }

    /// <summary>
    /// Topic ids of subscriptions. Members that subscribe alike, as nearly all do, share one set, by which assignors see
    /// at once that they do.
    /// </summary>
    private sealed class SharedSubscriptions(GroupState group)
    {
        private const int RememberedMax = 16;

        private readonly List<(MemberMetadata Subscriber, HashSet<Guid> TopicIds)> _remembered = [];

        public HashSet<Guid> Of(MemberMetadata member)
        {
            foreach (var (subscriber, known) in _remembered)
            {
                if (subscriber.SubscribesLike(member))
                {
                    return known;
                }
            }

            var topicIds = Resolve(member);
            if (_remembered.Count < RememberedMax)
            {
                _remembered.Add((member, topicIds));
            }

            return topicIds;
        }

        private HashSet<Guid> Resolve(MemberMetadata member)
        {
            var topicIds = new HashSet<Guid>();
            foreach (var name in member.TopicNames)
            {
                Add(topicIds, name);
            }

            if (member.HasRegex && group.Regexes.TryGetValue(member.TopicRegex!, out var resolved))
            {
                foreach (var name in resolved.Topics)
                {
                    Add(topicIds, name);
                }
            }

            return topicIds;
        }

        private void Add(HashSet<Guid> topicIds, string name)
        {
            if (group.Topics.IdOf(name) is { } id)
            {
                topicIds.Add(id);
            }
        }
    }
}
