namespace FastLog.Coordination;

/// <summary>Where a classic group is between two generations; the names are those of DescribeGroups and ListGroups.</summary>
public enum ClassicGroupState
{
    /// <summary>Without members, but with offsets perhaps, or with clients that were told their member ids.</summary>
    Empty,

    /// <summary>Waits for its members to join the next generation.</summary>
    PreparingRebalance,

    /// <summary>The generation is made; its leader is to hand in the assignments.</summary>
    CompletingRebalance,

    /// <summary>Every member can have its assignment.</summary>
    Stable,

    /// <summary>Gone: deleted, turned into a consumer group, or unloaded. Nothing leads out of here.</summary>
    Dead,
}
