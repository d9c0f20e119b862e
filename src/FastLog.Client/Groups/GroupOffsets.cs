using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <summary>As whom offsets are committed and asked for.</summary>
/// <param name="MemberId">The member, or empty outside of the group.</param>
/// <param name="Epoch">Its generation or member epoch, or -1.</param>
/// <param name="InstanceId">Its name when it is a static member.</param>
/// <param name="SaysWhoAsks">Whether reading offsets names the member too (KIP-848).</param>
internal readonly record struct GroupIdentity(string MemberId, int Epoch, string? InstanceId, bool SaysWhoAsks)
{
    /// <summary>Somebody who is no member.</summary>
    public static GroupIdentity Nobody => new("", -1, null, false);
}

/// <summary>Commits offsets to a group's coordinator, and reads them back.</summary>
internal sealed class GroupOffsets(GroupCoordinator coordinator)
{
    private const short FirstVersionWithStable = 7;
    private const short FirstVersionWithGroups = 8;

    /// <summary>Commits once. Throws for the first partition that was refused.</summary>
    /// <param name="connection">The coordinator.</param>
    /// <param name="offsets">What to commit.</param>
    /// <param name="identity">As whom.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">Refused, or no answer.</exception>
    public async Task<bool> CommitAsync(
        BrokerConnection connection,
        IReadOnlyDictionary<TopicAndPartition, OffsetAndMetadata> offsets,
        GroupIdentity identity,
        CancellationToken cancellationToken)
    {
        OffsetCommitRequest request = new()
        {
            GroupId = coordinator.GroupId,
            GenerationIdOrMemberEpoch = identity.Epoch,
            MemberId = identity.MemberId,
            GroupInstanceId = identity.InstanceId,
        };
        foreach (var topic in offsets.GroupBy(item => item.Key.Topic))
        {
            OffsetCommitRequest.OffsetCommitRequestTopic added = request.Topics.Add();
            added.Name = topic.Key;
            foreach ((TopicAndPartition partition, OffsetAndMetadata offset) in topic)
            {
                OffsetCommitRequest.OffsetCommitRequestPartition item = added.Partitions.Add();
                item.PartitionIndex = partition.Partition;
                item.CommittedOffset = offset.Offset;
                item.CommittedLeaderEpoch = offset.LeaderEpoch;
                item.CommittedMetadata = offset.Metadata ?? "";
            }
        }

        OffsetCommitResponse response = await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
        foreach (OffsetCommitResponse.OffsetCommitResponseTopic topic in response.Topics)
        {
            foreach (OffsetCommitResponse.OffsetCommitResponsePartition partition in topic.Partitions)
            {
                if (partition.ErrorCode != ErrorCode.None)
                {
                    throw KafkaException.For(
                        partition.ErrorCode,
                        $"group {coordinator.GroupId}, committing {topic.Name}-{partition.PartitionIndex}");
                }
            }
        }

        return true;
    }

    /// <summary>Reads what is committed, once.</summary>
    /// <param name="connection">The coordinator.</param>
    /// <param name="partitions">The partitions to ask for; null for all that the group has committed for.</param>
    /// <param name="identity">As whom.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The offsets; partitions with nothing committed are missing.</returns>
    /// <exception cref="KafkaException">Refused, or no answer.</exception>
    public async Task<Dictionary<TopicAndPartition, OffsetAndMetadata>> FetchAsync(
        BrokerConnection connection,
        IReadOnlyCollection<TopicAndPartition>? partitions,
        GroupIdentity identity,
        CancellationToken cancellationToken)
    {
        bool hasGroups = connection.Supports(ApiKey.OffsetFetch, FirstVersionWithGroups);
        OffsetFetchRequest request = hasGroups
            ? ForGroup(partitions, identity, connection.Supports(ApiKey.OffsetFetch, 9))
            : ForOneGroup(partitions);
        request.RequireStable = connection.Supports(ApiKey.OffsetFetch, FirstVersionWithStable);
        OffsetFetchResponse response = await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
        return hasGroups ? Read(response.Groups[0], coordinator.GroupId) : Read(response, coordinator.GroupId);
    }

    /// <summary>Reads one group's part of an answer.</summary>
    /// <exception cref="KafkaException">It has an error.</exception>
    public static Dictionary<TopicAndPartition, OffsetAndMetadata> Read(
        OffsetFetchResponse.OffsetFetchResponseGroup group, string groupId)
    {
        Check(group.ErrorCode, $"group {groupId}");
        Dictionary<TopicAndPartition, OffsetAndMetadata> offsets = [];
        foreach (OffsetFetchResponse.OffsetFetchResponseTopics topic in group.Topics)
        {
            foreach (OffsetFetchResponse.OffsetFetchResponsePartitions item in topic.Partitions)
            {
                TopicAndPartition partition = new(topic.Name, item.PartitionIndex);
                Check(item.ErrorCode, $"group {groupId}, {partition}");
                Add(offsets, partition, new(item.CommittedOffset, item.CommittedLeaderEpoch, item.Metadata ?? ""));
            }
        }

        return offsets;
    }

    private static Dictionary<TopicAndPartition, OffsetAndMetadata> Read(OffsetFetchResponse response, string groupId)
    {
        Check(response.ErrorCode, $"group {groupId}");
        Dictionary<TopicAndPartition, OffsetAndMetadata> offsets = [];
        foreach (OffsetFetchResponse.OffsetFetchResponseTopic topic in response.Topics)
        {
            foreach (OffsetFetchResponse.OffsetFetchResponsePartition item in topic.Partitions)
            {
                TopicAndPartition partition = new(topic.Name, item.PartitionIndex);
                Check(item.ErrorCode, $"group {groupId}, {partition}");
                Add(offsets, partition, new(item.CommittedOffset, item.CommittedLeaderEpoch, item.Metadata ?? ""));
            }
        }

        return offsets;
    }

    private static void Add(
        Dictionary<TopicAndPartition, OffsetAndMetadata> offsets, TopicAndPartition partition, OffsetAndMetadata told)
    {
        if (told.Offset >= 0)
        {
            offsets[partition] = told;
        }
    }

    private static void Check(ErrorCode error, string subject)
    {
        if (error != ErrorCode.None)
        {
            throw KafkaException.For(error, subject);
        }
    }

    private OffsetFetchRequest ForGroup(
        IReadOnlyCollection<TopicAndPartition>? partitions, GroupIdentity identity, bool canSayWhoAsks)
    {
        OffsetFetchRequest request = new();
        OffsetFetchRequest.OffsetFetchRequestGroup group = request.Groups.Add();
        group.GroupId = coordinator.GroupId;
        if (identity.SaysWhoAsks && canSayWhoAsks)
        {
            group.MemberId = identity.MemberId;
            group.MemberEpoch = identity.Epoch;
        }

        group.Topics = null;
        if (partitions is not null)
        {
            group.Topics = [];
            foreach (var topic in partitions.GroupBy(partition => partition.Topic))
            {
                OffsetFetchRequest.OffsetFetchRequestTopics item = group.Topics.Add();
                item.Name = topic.Key;
                item.PartitionIndexes.AddRange(topic.Select(partition => partition.Partition));
            }
        }

        return request;
    }

    private OffsetFetchRequest ForOneGroup(IReadOnlyCollection<TopicAndPartition>? partitions)
    {
        OffsetFetchRequest request = new() { GroupId = coordinator.GroupId, Topics = null };
        if (partitions is not null)
        {
            request.Topics = [];
            foreach (var topic in partitions.GroupBy(partition => partition.Topic))
            {
                OffsetFetchRequest.OffsetFetchRequestTopic item = request.Topics.Add();
                item.Name = topic.Key;
                item.PartitionIndexes.AddRange(topic.Select(partition => partition.Partition));
            }
        }

        return request;
    }
}
