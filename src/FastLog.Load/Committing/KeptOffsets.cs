using FastLog.Client;
using FastLog.Load.Connecting;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Load.Committing;

/// <summary>Reads the offsets that the broker keeps, of many groups with each request.</summary>
internal sealed class KeptOffsets(BrokerConnection connection, string topic, int partitionsCount)
{
    private const int GroupsPerRequest = 100;
    private const short FirstVersionOfManyGroups = 8;
    // The last one without topic ids.
    private const short VersionMax = 9;

    /// <summary>Holds them against what was acknowledged.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="LoadFailedException">One is another than it must be, or cannot be had.</exception>
    public async Task<long> JudgeAsync(IReadOnlyList<CommitGroup> groups, CancellationToken cancellationToken)
    {
        if (connection.VersionOf(ApiKey.OffsetFetch, VersionMax) < FirstVersionOfManyGroups)
        {
            throw new LoadFailedException("the broker is older than the groups of this load: OffsetFetch has no version 8");
        }

        long count = 0;
        foreach (CommitGroup[] some in groups.Chunk(GroupsPerRequest))
        {
            OffsetFetchResponse response = await FetchAsync(some, cancellationToken).ConfigureAwait(false);
            foreach ((CommitGroup group, OffsetFetchResponse.OffsetFetchResponseGroup answer) in some.Zip(response.Groups))
            {
                count += Judge(group, answer);
            }
        }

        return count;
    }

    private long Judge(CommitGroup group, OffsetFetchResponse.OffsetFetchResponseGroup answer)
    {
        var partitions = answer.Topics.SelectMany(entry => entry.Partitions).ToList();
        if (answer.GroupId != group.Id || partitions.Count != partitionsCount)
        {
            throw new LoadFailedException($"asked for the offsets of group {group.Id}, the broker answers something else");
        }

        foreach (OffsetFetchResponse.OffsetFetchResponsePartitions partition in partitions)
        {
            if (group.Judge(partition.PartitionIndex, partition.CommittedOffset) is { } wrong)
            {
                throw new LoadFailedException(wrong);
            }
        }

        return partitions.Count;
    }

    private async Task<OffsetFetchResponse> FetchAsync(CommitGroup[] groups, CancellationToken cancellationToken)
    {
        OffsetFetchRequest request = new();
        foreach (CommitGroup group in groups)
        {
            OffsetFetchRequest.OffsetFetchRequestGroup asked = request.Groups.Add();
            asked.GroupId = group.Id;
            asked.Topics = new();
            OffsetFetchRequest.OffsetFetchRequestTopics entry = asked.Topics.Add();
            entry.Name = topic;
            for (int partition = 0; partition < partitionsCount; partition++)
            {
                entry.PartitionIndexes.Add(partition);
            }
        }

        long sinceNs = MonotonicClock.NowNs;
        while (true)
        {
            OffsetFetchResponse response =
                await connection.RequestAsync(request, cancellationToken, VersionMax).ConfigureAwait(false);
            ErrorCode error = response.Groups
                .SelectMany(group => group.Topics.SelectMany(entry => entry.Partitions)
                    .Select(partition => partition.ErrorCode).Prepend(group.ErrorCode))
                .FirstOrDefault(code => code != ErrorCode.None);
            if (error == ErrorCode.None)
            {
                return response;
            }

            await CoordinatorConnections.PauseAsync(sinceNs, error, cancellationToken).ConfigureAwait(false);
        }
    }
}
