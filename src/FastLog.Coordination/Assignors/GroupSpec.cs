namespace FastLog.Coordination.Assignors;

/// <summary>A consumer group as an assignor sees it.</summary>
public sealed class GroupSpec
{
    /// <summary>Takes the members as they are; the dictionary must not change while the group is in use.</summary>
    /// <param name="members">The members by member id.</param>
    public GroupSpec(IReadOnlyDictionary<string, MemberSpec> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        Members = members;
        IsHomogeneous = HasOneSubscription(members.Values);
    }

    /// <summary>The members by member id.</summary>
    public IReadOnlyDictionary<string, MemberSpec> Members { get; }

    /// <summary>Whether all members subscribe to the same topics. Known at once where they share one set.</summary>
    public bool IsHomogeneous { get; }

    private static bool HasOneSubscription(IEnumerable<MemberSpec> members)
    {
        IReadOnlySet<Guid>? first = null;
        foreach (var member in members)
        {
            first ??= member.SubscribedTopicIds;
            if (!ReferenceEquals(first, member.SubscribedTopicIds) && !first.SetEquals(member.SubscribedTopicIds))
            {
                return false;
            }
        }

        return true;
    }
}
