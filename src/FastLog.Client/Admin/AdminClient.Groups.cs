using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <content>Groups and their members.</content>
public sealed partial class AdminClient
{
    private const short FirstVersionWithStates = 4;
    private const short FirstVersionWithTypes = 5;

    /// <summary>All groups, sorted by id.</summary>
    /// <param name="states">Only groups in one of these states (KIP-518); null or none for all.</param>
    /// <param name="types">Only groups of one of these types, classic or consumer (KIP-848); null or none for all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">No broker can be reached, one does not answer, or it knows no such filter.</exception>
    public async Task<IReadOnlyList<GroupListing>> ListGroupsAsync(
        IReadOnlyCollection<string>? states = null,
        IReadOnlyCollection<string>? types = null,
        CancellationToken cancellationToken = default)
    {
        ListGroupsRequest request = new();
        request.StatesFilter.AddRange(states ?? []);
        request.TypesFilter.AddRange(types ?? []);
        await _cluster.RefreshAsync([], false, cancellationToken).ConfigureAwait(false);
        List<GroupListing> groups = [];
        foreach (BrokerMetadata broker in _cluster.Metadata.Brokers)
        {
            groups.AddRange(await RetryAsync(
                () => ListGroupsAsync(broker.NodeId, request, cancellationToken), cancellationToken).ConfigureAwait(false));
        }

        return [.. groups.DistinctBy(group => group.GroupId).OrderBy(group => group.GroupId, StringComparer.Ordinal)];
    }

    /// <summary>A group with its members, whichever protocol they use.</summary>
    /// <exception cref="KafkaException">GroupIdNotFound, GroupAuthorizationFailed, ...</exception>
    public Task<GroupDescription> DescribeGroupAsync(string groupId, CancellationToken cancellationToken = default) =>
        AskCoordinatorAsync(
            groupId,
            async connection =>
                await DescribeConsumerGroupAsync(connection, groupId, cancellationToken).ConfigureAwait(false)
                ?? await DescribeClassicGroupAsync(connection, groupId, cancellationToken).ConfigureAwait(false),
            cancellationToken);

    /// <summary>Deletes a group with all its offsets.</summary>
    /// <exception cref="KafkaException">NonEmptyGroup, GroupIdNotFound, ...</exception>
    public Task DeleteGroupAsync(string groupId, CancellationToken cancellationToken = default)
    {
        DeleteGroupsRequest request = new();
        request.GroupsNames.Add(groupId);
        return AskCoordinatorAsync(
            groupId,
            async connection =>
            {
                DeleteGroupsResponse response =
                    await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                ThrowOnError(response.Results[0].ErrorCode, $"group {groupId}", null);
                return true;
            },
            cancellationToken);
    }

    private Task<T> AskCoordinatorAsync<T>(
        string groupId, Func<BrokerConnection, Task<T>> attempt, CancellationToken cancellationToken) =>
        RetryAsync(
            async () => await attempt(await new GroupCoordinator(groupId, _cluster, _options)
                .ConnectAsync(ConnectionUse.Requests, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false),
            cancellationToken);

    private async Task<List<GroupListing>> ListGroupsAsync(
        int nodeId, ListGroupsRequest request, CancellationToken cancellationToken)
    {
        BrokerConnection connection =
            await _cluster.BrokerAsync(nodeId, ConnectionUse.Requests, cancellationToken).ConfigureAwait(false);
        bool isTooOld = (request.StatesFilter.Count > 0 && !connection.Supports(ApiKey.ListGroups, FirstVersionWithStates))
            || (request.TypesFilter.Count > 0 && !connection.Supports(ApiKey.ListGroups, FirstVersionWithTypes));
        if (isTooOld)
        {
            throw new KafkaException(ErrorCode.UnsupportedVersion, "the broker cannot filter groups by state or type");
        }

        ListGroupsResponse response = await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
        ThrowOnError(response.ErrorCode, $"groups of broker {nodeId}", null);
        return [.. response.Groups.Select(group =>
            new GroupListing(group.GroupId, group.ProtocolType, group.GroupState, group.GroupType.ToLowerInvariant()))];
    }

    /// <summary>The group, or null when it is none of the new protocol.</summary>
    private static async Task<GroupDescription?> DescribeConsumerGroupAsync(
        BrokerConnection connection, string groupId, CancellationToken cancellationToken)
    {
        if (!connection.Supports(ApiKey.ConsumerGroupDescribe, 0))
        {
            return null;
        }

        ConsumerGroupDescribeRequest request = new();
        request.GroupIds.Add(groupId);
        ConsumerGroupDescribeResponse response =
            await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
        ConsumerGroupDescribeResponse.DescribedGroup group = response.Groups[0];
        if (group.ErrorCode is ErrorCode.GroupIdNotFound or ErrorCode.UnsupportedVersion)
        {
            return null;
        }

        ThrowOnError(group.ErrorCode, $"group {groupId}", group.ErrorMessage);
        return new GroupDescription(
            group.GroupId,
            "consumer",
            ClassicMembership.ProtocolType,
            group.GroupState,
            group.AssignorName,
            group.GroupEpoch,
            group.AssignmentEpoch,
            [.. group.Members.Select(member => new GroupMemberDescription(
                member.MemberId,
                member.InstanceId,
                member.ClientId,
                member.ClientHost,
                member.MemberEpoch,
                PartitionsOf(member.Assignment),
                PartitionsOf(member.TargetAssignment)))]);
    }

    private static List<TopicAndPartition> PartitionsOf(ConsumerGroupDescribeResponse.Assignment assignment) =>
        [.. assignment.TopicPartitions.SelectMany(topic =>
            topic.Partitions.Select(partition => new TopicAndPartition(topic.TopicName, partition)))];

    private static Task<GroupDescription> DescribeClassicGroupAsync(
        BrokerConnection connection, string groupId, CancellationToken cancellationToken)
    {
        DescribeGroupsRequest request = new();
        request.Groups.Add(groupId);
        return connection.RequestAsync(
            request,
            (DescribeGroupsResponse response) =>
            {
                DescribeGroupsResponse.DescribedGroup group = response.Groups[0];
                ThrowOnError(group.ErrorCode, $"group {groupId}", group.ErrorMessage);
                return group.GroupState == "Dead"
                    ? throw KafkaException.For(ErrorCode.GroupIdNotFound, $"group {groupId}")
                    : Describe(group);
            },
            cancellationToken);
    }

    private static GroupDescription Describe(DescribeGroupsResponse.DescribedGroup group) => new(
        group.GroupId,
        "classic",
        group.ProtocolType,
        group.GroupState,
        group.ProtocolData,
        Epoch: -1,
        AssignmentEpoch: -1,
        [.. group.Members.Select(member =>
        {
            List<TopicAndPartition> assignment = AssignmentOf(group.ProtocolType, member);
            return new GroupMemberDescription(
                member.MemberId, member.GroupInstanceId, member.ClientId, member.ClientHost, -1, assignment, assignment);
        })]);

    /// <summary>Members of other kinds of groups exchange other bytes.</summary>
    private static List<TopicAndPartition> AssignmentOf(
        string protocolType, DescribeGroupsResponse.DescribedGroupMember member)
    {
        try
        {
            return protocolType == ClassicMembership.ProtocolType ? ConsumerProtocol.ReadAssignment(member.MemberAssignment) : [];
        }
        catch (ProtocolException)
        {
            return [];
        }
    }
}
