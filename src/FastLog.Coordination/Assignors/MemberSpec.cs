namespace FastLog.Coordination.Assignors;

/// <summary>One member as an assignor sees it.</summary>
public sealed class MemberSpec
{
    /// <summary>group.instance.id of a static member, else null.</summary>
    public string? InstanceId { get; init; }

    /// <summary>client.rack, else null. No assignor here looks at it, nor does one of Kafka 4.0.</summary>
    public string? RackId { get; init; }

    /// <summary>The topics it subscribes to, by name or by regular expression, resolved to ids. Members may share one set.</summary>
    public required IReadOnlySet<Guid> SubscribedTopicIds { get; init; }

    /// <summary>Its present target assignment: what an assignor that is sticky tries to leave with it.</summary>
    public TopicPartitionSet Assigned { get; init; } = TopicPartitionSet.Empty;
}
