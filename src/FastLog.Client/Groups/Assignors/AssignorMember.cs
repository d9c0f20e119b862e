namespace FastLog.Client;

/// <summary>A member of a classic group as its leader sees it.</summary>
/// <param name="MemberId">Its id.</param>
/// <param name="InstanceId">Its name when it is a static member.</param>
/// <param name="Topics">What it subscribes to.</param>
/// <param name="Owned">What it says it owns.</param>
/// <param name="Generation">The generation it owned that in, or -1.</param>
internal sealed record AssignorMember(
    string MemberId,
    string? InstanceId,
    IReadOnlyList<string> Topics,
    IReadOnlyCollection<TopicAndPartition> Owned,
    int Generation)
{
    /// <summary>Static members first and by their names, so that they get the same again after a restart.</summary>
    public static int Compare(AssignorMember one, AssignorMember other) => (one.InstanceId, other.InstanceId) switch
    {
        (null, null) => string.CompareOrdinal(one.MemberId, other.MemberId),
        (null, _) => 1,
        (_, null) => -1,
        _ => string.CompareOrdinal(one.InstanceId, other.InstanceId),
    };
}
