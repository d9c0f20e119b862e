namespace FastLog.Coordination.Assignors;

/// <summary>Decides which member of a consumer group shall have which partitions (KIP-848, on the broker).</summary>
public interface IPartitionAssignor
{
    /// <summary>The name members ask for it by, as ServerAssignor in ConsumerGroupHeartbeat.</summary>
    string Name { get; }

    /// <summary>
    /// The target assignment: every partition of a subscribed, existing topic at exactly one member that subscribes to
    /// it. The same input gives the same result, in whatever order its dictionaries enumerate.
    /// </summary>
    /// <param name="group">The members, their subscriptions and what they have as their target at present.</param>
    /// <param name="topics">How many partitions topics have; a topic unknown to it is assigned to nobody.</param>
    GroupAssignment Assign(GroupSpec group, ITopicShapes topics);
}
