using FastLog.Client;
using FastLog.Protocol;

namespace FastLog.Server.Commands;

/// <summary>How far a group is in one partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Committed">The offset it has committed; null for none.</param>
/// <param name="End">The end of the log; null when its leader does not answer.</param>
/// <param name="Owner">The member that reads it, or null.</param>
internal sealed record PartitionLag(
    TopicAndPartition Partition, long? Committed, long? End, GroupMemberDescription? Owner)
{
    /// <summary>How many offsets are not read yet; null where one side is not known. Behind a log that was cut it is 0.
    /// </summary>
    public long? Lag => Committed is { } committed && End is { } end ? Math.Max(0, end - committed) : null;
}

/// <summary>A group, and how far it is in every partition that it has committed for or that a member owns.</summary>
/// <param name="Group">The group.</param>
/// <param name="Partitions">Its partitions, by topic and number.</param>
internal sealed record GroupLag(GroupDescription Group, IReadOnlyList<PartitionLag> Partitions)
{
    /// <summary>Asks for all that is needed.</summary>
    /// <exception cref="KafkaException">GroupIdNotFound, ...</exception>
    public static async Task<GroupLag> ReadAsync(AdminClient admin, string groupId, CancellationToken cancellationToken)
    {
        var group = await admin.DescribeGroupAsync(groupId, cancellationToken).ConfigureAwait(false);
        var offsets = (await admin.ListGroupOffsetsAsync([groupId], cancellationToken).ConfigureAwait(false))[groupId];
        Dictionary<TopicAndPartition, GroupMemberDescription> owners = [];
        foreach (var member in group.Members)
        {
            foreach (var partition in member.Assignment)
            {
                owners[partition] = member;
            }
        }

        var partitions = offsets.Keys.Union(owners.Keys)
            .OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition).ToList();
        // The ends after the offsets: the other way round a lag could be negative.
        var ends = await EndsAsync(admin, partitions, cancellationToken).ConfigureAwait(false);
        return new GroupLag(group, [.. partitions.Select(partition => new PartitionLag(
            partition,
            offsets.TryGetValue(partition, out var offset) ? offset.Offset : null,
            ends.TryGetValue(partition, out var end) ? end : null,
            owners.GetValueOrDefault(partition)))]);
    }

    /// <summary>The ends of those partitions whose topic can be asked: a group may remember topics that are gone.</summary>
    private static async Task<Dictionary<TopicAndPartition, long>> EndsAsync(
        AdminClient admin, List<TopicAndPartition> partitions, CancellationToken cancellationToken)
    {
        Dictionary<TopicAndPartition, long> ends = [];
        foreach (var topic in partitions.GroupBy(partition => partition.Topic))
        {
            try
            {
                var found = await admin.ListOffsetsAsync(
                    [.. topic.Select(partition => KeyValuePair.Create(partition, StartPosition.Latest))],
                    cancellationToken: cancellationToken).ConfigureAwait(false);
                foreach (var (partition, offset) in found)
                {
                    ends[partition] = offset.Offset;
                }
            }
            catch (KafkaException e) when (e.ErrorCode != ErrorCode.NetworkException)
            {
                // Shown as not known.
            }
        }

        return ends;
    }
}
