using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>Why a request is refused.</summary>
/// <param name="Error">The error code.</param>
/// <param name="Message">The reason in words, where the answer has room for it.</param>
internal sealed record Refusal(ErrorCode Error, string Message)
{
    public static Refusal UnknownMember(string memberId, string groupId) =>
        new(ErrorCode.UnknownMemberId, $"Member {memberId} is not a member of group {groupId}.");

    public static Refusal UnknownInstance(string instanceId) =>
        new(ErrorCode.UnknownMemberId, $"Instance id {instanceId} is unknown.");

    public static Refusal FencedInstance(string memberId, string instanceId, string ownerId) => new(
        ErrorCode.FencedInstanceId,
        $"Static member {memberId} with instance id {instanceId} was fenced by member {ownerId}.");

    public static Refusal Full(int membersMax) => new(
        ErrorCode.GroupMaxSizeReached, $"The consumer group has reached its maximum capacity of {membersMax} members.");

    public static Refusal NotConsumerGroup(string groupId) =>
        new(ErrorCode.GroupIdNotFound, $"Group {groupId} is not a consumer group.");
}
