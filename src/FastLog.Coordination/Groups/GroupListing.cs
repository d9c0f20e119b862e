using FastLog.Protocol;

namespace FastLog.Coordination;

/// <summary>The groups of one shard, as ListGroups shows them.</summary>
public sealed class GroupListing
{
    /// <summary>Why the shard cannot tell; None when it can.</summary>
    public ErrorCode Error { get; internal set; }

    /// <summary>The groups, in no particular order.</summary>
    public IReadOnlyList<ListedGroup> Groups { get; internal set; } = [];
}

/// <summary>A group in a list.</summary>
/// <param name="Id">The group's id.</param>
/// <param name="ProtocolType">What its members use it for.</param>
/// <param name="State">Its state's name.</param>
/// <param name="Type">Its kind.</param>
public readonly record struct ListedGroup(string Id, string ProtocolType, string State, GroupType Type);
