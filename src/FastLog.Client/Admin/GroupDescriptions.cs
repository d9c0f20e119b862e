namespace FastLog.Client;

/// <summary>A group in a list of groups.</summary>
/// <param name="GroupId">Its id.</param>
/// <param name="ProtocolType">What it is used for: consumer for consumers, empty for offsets without members.</param>
/// <param name="State">Its state, or empty when the broker does not say.</param>
/// <param name="Type">classic or consumer, or empty when the broker does not say.</param>
public sealed record GroupListing(string GroupId, string ProtocolType, string State, string Type);

/// <summary>A member of a group.</summary>
/// <param name="MemberId">Its id.</param>
/// <param name="InstanceId">Its name when it is a static member, or null.</param>
/// <param name="ClientId">What its client calls itself.</param>
/// <param name="Host">Where it connects from.</param>
/// <param name="Epoch">Its epoch, or -1 in a classic group.</param>
/// <param name="Assignment">What it owns.</param>
/// <param name="TargetAssignment">What it is going to own; the same in a classic group.</param>
public sealed record GroupMemberDescription(
    string MemberId,
    string? InstanceId,
    string ClientId,
    string Host,
    int Epoch,
    IReadOnlyList<TopicAndPartition> Assignment,
    IReadOnlyList<TopicAndPartition> TargetAssignment);

/// <summary>A group with its members.</summary>
/// <param name="GroupId">Its id.</param>
/// <param name="Type">classic or consumer.</param>
/// <param name="ProtocolType">What it is used for: consumer for consumers.</param>
/// <param name="State">Its state: Empty, Stable, PreparingRebalance, Reconciling, ...</param>
/// <param name="Assignor">How partitions are assigned; empty when nobody has.</param>
/// <param name="Epoch">The group epoch; -1 for a classic group, whose generation no broker tells.</param>
/// <param name="AssignmentEpoch">The epoch of the latest assignment, or -1.</param>
/// <param name="Members">Its members.</param>
public sealed record GroupDescription(
    string GroupId,
    string Type,
    string ProtocolType,
    string State,
    string Assignor,
    int Epoch,
    int AssignmentEpoch,
    IReadOnlyList<GroupMemberDescription> Members);
