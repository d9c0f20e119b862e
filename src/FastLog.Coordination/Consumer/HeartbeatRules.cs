using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Consumer;

/// <summary>What a ConsumerGroupHeartbeat must be like before the group is looked at; the words are Kafka's.</summary>
internal static class HeartbeatRules
{
    /// <summary>From this version on clients make up their member ids themselves.</summary>
    private const short ClientMakesMemberIdVersion = 1;

    public static Refusal? Check(ConsumerGroupHeartbeatRequest request, short version, AssignorChoice assignors)
    {
        if (request.MemberId.Length == 0
            && (version >= ClientMakesMemberIdVersion || request.MemberEpoch is > 0 or ConsumerMember.LeavingEpoch))
        {
            return Invalid("MemberId can't be empty.");
        }

        var empty = request.GroupId.Length == 0 ? "GroupId"
            : request.InstanceId is "" ? "InstanceId"
            : request.RackId is "" ? "RackId"
            : null;
        if (empty is not null)
        {
            return Invalid($"{empty} can't be empty.");
        }

        return CheckEpoch(request) ?? CheckAssignor(request, assignors);
    }

    /// <summary>Whether the request tells all there is to tell, as clients do that lost an answer; it gets it all told.</summary>
    public static bool IsFull(ConsumerGroupHeartbeatRequest request) =>
        request.MemberEpoch == 0
        || (request.RebalanceTimeoutMs != -1
            && (request.SubscribedTopicNames is not null || request.SubscribedTopicRegex is not null)
            && request.TopicPartitions is not null);

    private static Refusal? CheckEpoch(ConsumerGroupHeartbeatRequest request) => request.MemberEpoch switch
    {
        0 when request.RebalanceTimeoutMs == -1 => Invalid("RebalanceTimeoutMs must be provided in first request."),
        0 when request.TopicPartitions is not { Count: 0 } =>
            Invalid("TopicPartitions must be empty when (re-)joining."),
        0 when request.SubscribedTopicNames is null && request.SubscribedTopicRegex is null =>
            Invalid("Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining."),
        ConsumerMember.AwayEpoch when request.InstanceId is null => Invalid("InstanceId can't be null."),
        ConsumerMember.AwayEpoch when request.MemberId.Length == 0 => Invalid("MemberId can't be empty."),
        < ConsumerMember.AwayEpoch => Invalid("MemberEpoch is invalid."),
        _ => null,
    };

    private static Refusal? CheckAssignor(ConsumerGroupHeartbeatRequest request, AssignorChoice assignors) =>
        request.ServerAssignor is { } name && !assignors.Has(name)
            ? new Refusal(
                ErrorCode.UnsupportedAssignor,
                $"ServerAssignor {name} is not supported. Supported assignors: {string.Join(", ", assignors.Names)}.")
            : null;

    private static Refusal Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
