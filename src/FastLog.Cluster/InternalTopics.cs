namespace FastLog.Cluster;

/// <summary>Topics that hold the cluster's own state.</summary>
public static class InternalTopics
{
    /// <summary>Groups and their committed offsets.</summary>
    public const string ConsumerOffsets = "__consumer_offsets";

    /// <summary>Transactional ids and what their transactions did.</summary>
    public const string TransactionState = "__transaction_state";

    /// <summary>What share groups have delivered and acknowledged.</summary>
    public const string ShareGroupState = "__share_group_state";

    /// <summary>The metadata log itself; no topic of the image, and nobody may create one of that name.</summary>
    public const string ClusterMetadata = "__cluster_metadata";

    /// <summary>Whether the topic of this name is written to by coordinators only.</summary>
    /// <param name="name">Name of a topic.</param>
    public static bool IsInternal(string name) => name is ConsumerOffsets or TransactionState or ShareGroupState;
}
