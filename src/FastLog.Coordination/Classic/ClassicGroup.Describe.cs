using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>How the group looks from outside, and on disk.</summary>
public sealed partial class ClassicGroup
{
    /// <summary>
    /// Fills in what DescribeGroups tells of it. Metadata and assignments are told of a stable group only, as they do not
    /// belong together in another.
    /// </summary>
    /// <param name="described">The group's place in the answer.</param>
    public void Describe(DescribeGroupsResponse.DescribedGroup described)
    {
        ArgumentNullException.ThrowIfNull(described);
        var isStable = State == ClassicGroupState.Stable;
        described.GroupId = Id;
        described.GroupState = StateName;
        described.ProtocolType = ProtocolType;
        described.ProtocolData = isStable ? ProtocolName ?? "" : "";
        foreach (var member in _members.Values)
        {
            var told = described.Members.Add();
            told.MemberId = member.Id;
            told.GroupInstanceId = member.InstanceId;
            told.ClientId = member.ClientId;
            told.ClientHost = member.ClientHost;
            if (isStable)
            {
                told.MemberMetadata = member.MetadataFor(ProtocolName);
                told.MemberAssignment = member.Assignment;
            }
        }
    }

    /// <summary>The record of the group as it is, or will be with these assignments in place of the members' own.</summary>
    internal CoordinatorRecord ToRecord(IReadOnlyDictionary<string, ReadOnlyMemory<byte>>? assignments = null)
    {
        var value = new GroupMetadataValue
        {
            ProtocolType = ProtocolType,
            Generation = Generation,
            Protocol = ProtocolName,
            Leader = LeaderId,
            CurrentStateTimestamp = StateTimestampMs ?? -1,
        };
        foreach (var member in _members.Values)
        {
            var data = member.ToData();
            if (assignments is not null)
            {
                data = data with { Assignment = assignments.GetValueOrDefault(member.Id) };
            }

            StoredClassicGroup.Add(value, data, member.MetadataFor(ProtocolName));
        }

        return StoredClassicGroup.RecordOf(Id, value);
    }

    /// <summary>The JoinGroup answer that lets a member go on in the current generation.</summary>
    internal JoinGroupResponse JoinedAnswer(ClassicMember member)
    {
        var response = new JoinGroupResponse
        {
            GenerationId = Generation,
            ProtocolType = _protocolType,
            ProtocolName = ProtocolName,
            Leader = LeaderId ?? "",
            MemberId = member.Id,
        };
        if (member.Id == LeaderId)
        {
            foreach (var each in _members.Values)
            {
                var told = response.Members.Add();
                told.MemberId = each.Id;
                told.GroupInstanceId = each.InstanceId;
                told.Metadata = each.MetadataFor(ProtocolName);
            }
        }

        return response;
    }

    /// <summary>The SyncGroup answer with the member's assignment.</summary>
    internal SyncGroupResponse SyncedAnswer(ClassicMember member) => new()
    {
        ProtocolType = _protocolType,
        ProtocolName = ProtocolName,
        Assignment = member.Assignment,
    };
}
