using System.Globalization;
using FastLog.Client;
using FastLog.Protocol;

namespace FastLog.Server.Commands;

/// <summary>One partition of a reset.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="CurrentOffset">What is committed; null for nothing.</param>
/// <param name="NewOffset">What is to be committed.</param>
/// <param name="Note">What else there is to say, or null.</param>
internal sealed record ResetPartition(string Topic, int Partition, long? CurrentOffset, long NewOffset, string? Note);

/// <summary>Which offsets a group is to have.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="Executed">Whether they were committed.</param>
/// <param name="Partitions">The partitions.</param>
internal sealed record GroupReset(string GroupId, bool Executed, IReadOnlyList<ResetPartition> Partitions)
{
    /// <summary>Looks at the logs and works out the new offsets.</summary>
    /// <param name="admin">Whom to ask.</param>
    /// <param name="groupId">The group; it need not exist yet.</param>
    /// <param name="target">Where to.</param>
    /// <param name="topics">Topics, with partitions or with none for all; null for all that the group has committed for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">NonEmptyGroup; UnknownTopicOrPartition, ...</exception>
    /// <exception cref="FormatException">There is nothing to shift from.</exception>
    public static async Task<GroupReset> PlanAsync(
        AdminClient admin,
        string groupId,
        ResetTarget target,
        IReadOnlyList<(string Topic, IReadOnlyList<int> Partitions)>? topics,
        CancellationToken cancellationToken)
    {
        await RefuseMembersAsync(admin, groupId, cancellationToken).ConfigureAwait(false);
        var committed = (await admin.ListGroupOffsetsAsync([groupId], cancellationToken).ConfigureAwait(false))[groupId];
        var partitions = topics is null
            ? [.. committed.Keys]
            : await ExpandAsync(admin, topics, cancellationToken).ConfigureAwait(false);
        partitions = [.. partitions.OrderBy(item => item.Topic, StringComparer.Ordinal).ThenBy(item => item.Partition)];
        var firsts = await AskAsync(StartPosition.Earliest).ConfigureAwait(false);
        var ends = await AskAsync(StartPosition.Latest).ConfigureAwait(false);
        var asked = target.Position is { Offset: null } position ? await AskAsync(position).ConfigureAwait(false) : ends;
        return new GroupReset(groupId, false, [.. partitions.Select(partition => target.Reset(
            partition,
            committed.TryGetValue(partition, out var offset) ? offset.Offset : null,
            asked[partition].Offset,
            (firsts[partition].Offset, ends[partition].Offset)))]);

        Task<IReadOnlyDictionary<TopicAndPartition, FoundOffset>> AskAsync(StartPosition position) => admin.ListOffsetsAsync(
            [.. partitions.Select(partition => KeyValuePair.Create(partition, position))], cancellationToken: cancellationToken);
    }

    /// <summary>Commits the new offsets.</summary>
    /// <exception cref="KafkaException">NonEmptyGroup: somebody joined meanwhile; others.</exception>
    public async Task<GroupReset> ExecuteAsync(AdminClient admin, CancellationToken cancellationToken)
    {
        try
        {
            await admin.AlterGroupOffsetsAsync(
                GroupId,
                Partitions.ToDictionary(
                    item => new TopicAndPartition(item.Topic, item.Partition), item => new OffsetAndMetadata(item.NewOffset)),
                cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException e) when (e.ErrorCode is ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress)
        {
            throw HasMembers(GroupId, "members");
        }

        return this with { Executed = true };
    }

    private static async Task RefuseMembersAsync(AdminClient admin, string groupId, CancellationToken cancellationToken)
    {
        try
        {
            var group = await admin.DescribeGroupAsync(groupId, cancellationToken).ConfigureAwait(false);
            if (group.Members.Count > 0)
            {
                throw HasMembers(groupId, string.Create(CultureInfo.InvariantCulture, $"{group.Members.Count} members"));
            }
        }
        catch (KafkaException e) when (e.ErrorCode == ErrorCode.GroupIdNotFound)
        {
            // The reset makes it.
        }
    }

    private static KafkaException HasMembers(string groupId, string members) => new(
        ErrorCode.NonEmptyGroup, $"group {groupId} has {members}, which would go on from where they are: stop them first");

    private static async Task<List<TopicAndPartition>> ExpandAsync(
        AdminClient admin, IReadOnlyList<(string Topic, IReadOnlyList<int> Partitions)> topics, CancellationToken cancellationToken)
    {
        List<TopicAndPartition> partitions = [];
        foreach (var (topic, numbers) in topics)
        {
            var metadata = await admin.DescribeTopicAsync(topic, cancellationToken).ConfigureAwait(false);
            var wanted = numbers.Count > 0 ? numbers : [.. metadata.Partitions.Select(partition => partition.Index)];
            partitions.AddRange(wanted.Select(number => new TopicAndPartition(topic, number)));
        }

        return [.. partitions.Distinct()];
    }
}
