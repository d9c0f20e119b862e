namespace FastLog.Coordination.Consumer;

/// <summary>A member of a consumer group: what it told about itself, and how far its assignment is.</summary>
/// <param name="Id">The member id.</param>
/// <param name="Metadata">What it told about itself; written with key type 5.</param>
/// <param name="Current">Its epoch and its partitions; written with key type 8.</param>
public sealed record ConsumerMember(string Id, MemberMetadata Metadata, CurrentAssignment Current)
{
    /// <summary>The epoch of a static member that has left for a while and is to return.</summary>
    public const int AwayEpoch = -2;

    /// <summary>The epoch in the heartbeat of a member that leaves for good.</summary>
    public const int LeavingEpoch = -1;

    /// <summary>Whether it follows the classic protocol: JoinGroup, SyncGroup, Heartbeat.</summary>
    public bool IsClassic => Metadata.Classic is not null;

    /// <summary>Its epoch.</summary>
    public int Epoch => Current.MemberEpoch;

    /// <summary>Whether it has all it shall have of a target assignment, and nothing else.</summary>
    /// <param name="targetEpoch">The epoch of the target assignment.</param>
    public bool IsReconciledTo(int targetEpoch) => Current.State == MemberState.Stable && Epoch == targetEpoch;

    /// <summary>A member that joins.</summary>
    internal static ConsumerMember Joining(string id) => new(id, MemberMetadata.None, CurrentAssignment.None);
}
