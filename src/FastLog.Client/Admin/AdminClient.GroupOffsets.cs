using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <content>Offsets that groups have committed.</content>
public sealed partial class AdminClient
{
    private const short FirstVersionWithGroups = 8;

    /// <summary>All that groups have committed.</summary>
    /// <param name="groupIds">The groups; one request asks for all of one coordinator where the broker can.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The offsets of each group; none for a group that does not exist.</returns>
    /// <exception cref="KafkaException">GroupAuthorizationFailed, ...</exception>
    public Task<IReadOnlyDictionary<string, IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata>>> ListGroupOffsetsAsync(
        IReadOnlyCollection<string> groupIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(groupIds);
        return RetryAsync<IReadOnlyDictionary<string, IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata>>>(
            async () =>
            {
                Dictionary<BrokerConnection, List<GroupCoordinator>> coordinators = [];
                foreach (string groupId in groupIds.Distinct(StringComparer.Ordinal))
                {
                    GroupCoordinator coordinator = new(groupId, _cluster, _options);
                    BrokerConnection connection =
                        await coordinator.ConnectAsync(ConnectionUse.Requests, cancellationToken).ConfigureAwait(false);
                    coordinators.TryAdd(connection, []);
                    coordinators[connection].Add(coordinator);
                }

                Dictionary<string, IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata>> offsets = [];
                foreach ((BrokerConnection connection, List<GroupCoordinator> groups) in coordinators)
                {
                    await ListOffsetsAsync(connection, groups, offsets, cancellationToken).ConfigureAwait(false);
                }

                return offsets;
            },
            cancellationToken);
    }

    /// <summary>Sets what a group has committed; it must have no members that could do so themselves.</summary>
    /// <exception cref="KafkaException">UnknownMemberId or RebalanceInProgress when it has members; UnknownTopicOrPartition,
    /// ...</exception>
    public Task AlterGroupOffsetsAsync(
        string groupId,
        IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata> offsets,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        GroupOffsets group = new(new GroupCoordinator(groupId, _cluster, _options));
        return AskCoordinatorAsync(
            groupId,
            connection => group.CommitAsync(connection, offsets, GroupIdentity.Nobody, cancellationToken),
            cancellationToken);
    }

    /// <summary>Forgets what a group has committed for partitions that none of its members reads.</summary>
    /// <exception cref="KafkaException">GroupSubscribedToTopic, GroupIdNotFound, UnknownTopicOrPartition, ...</exception>
    public Task DeleteGroupOffsetsAsync(
        string groupId, IReadOnlyCollection<TopicAndPartition> partitions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        OffsetDeleteRequest request = new() { GroupId = groupId };
        foreach (var topic in partitions.GroupBy(partition => partition.Topic))
        {
            OffsetDeleteRequest.OffsetDeleteRequestTopic item = request.Topics.Add();
            item.Name = topic.Key;
            foreach (TopicAndPartition partition in topic)
            {
                item.Partitions.Add().PartitionIndex = partition.Partition;
            }
        }

        return AskCoordinatorAsync(
            groupId,
            async connection =>
            {
                OffsetDeleteResponse response =
                    await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                ThrowOnError(response.ErrorCode, $"group {groupId}", null);
                foreach (OffsetDeleteResponse.OffsetDeleteResponseTopic topic in response.Topics)
                {
                    foreach (OffsetDeleteResponse.OffsetDeleteResponsePartition partition in topic.Partitions)
                    {
                        ThrowOnError(partition.ErrorCode, $"group {groupId}, {topic.Name}-{partition.PartitionIndex}", null);
                    }
                }

                return true;
            },
            cancellationToken);
    }

    private static async Task ListOffsetsAsync(
        BrokerConnection connection,
        List<GroupCoordinator> groups,
        Dictionary<string, IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata>> into,
        CancellationToken cancellationToken)
    {
        if (!connection.Supports(ApiKey.OffsetFetch, FirstVersionWithGroups))
        {
            foreach (GroupCoordinator group in groups)
            {
                into[group.GroupId] = await new GroupOffsets(group)
                    .FetchAsync(connection, null, GroupIdentity.Nobody, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        OffsetFetchRequest request = new();
        foreach (GroupCoordinator group in groups)
        {
            OffsetFetchRequest.OffsetFetchRequestGroup item = request.Groups.Add();
            item.GroupId = group.GroupId;
            item.Topics = null;
        }

        OffsetFetchResponse response = await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
        foreach (OffsetFetchResponse.OffsetFetchResponseGroup group in response.Groups)
        {
            into[group.GroupId] = GroupOffsets.Read(group, group.GroupId);
        }
    }
}
