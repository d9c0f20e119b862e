using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Requests;

/// <summary>
/// Counts the errors that requests are answered with, by API and code. A produce, fetch or commit without an error costs
/// a look at each of its partitions; what is counted is an addition into a table made at the start.
/// </summary>
internal sealed class RequestErrors
{
    // Codes go from -1 (UNKNOWN_SERVER_ERROR) on.
    private const int LowestCode = (int)ErrorCode.UnknownServerError;

    private static readonly int CodesCount = (int)Enum.GetValues<ErrorCode>().Max() - LowestCode + 1;

    private readonly long[]?[] _counts = new long[]?[ApiCatalog.All.Max(api => (int)api.Key) + 1];

    /// <summary>What was counted, by API and code; only what was ever met.</summary>
    public IEnumerable<(ApiKey Api, ErrorCode Error, long Count)> All()
    {
        for (var api = 0; api < _counts.Length; api++)
        {
            if (Volatile.Read(ref _counts[api]) is not { } codes)
            {
                continue;
            }

            for (var code = 0; code < codes.Length; code++)
            {
                if (Volatile.Read(ref codes[code]) is > 0 and var count)
                {
                    yield return ((ApiKey)api, (ErrorCode)(short)(code + LowestCode), count);
                }
            }
        }
    }

    /// <summary>Counts every error in a response; each partition, topic or resource that failed is one.</summary>
    public void CountIn(IMessage response, ApiKey api)
    {
        switch (response)
        {
            case ProduceResponse produce:
                CountIn(produce);
                break;
            case FetchResponse fetch:
                CountIn(fetch);
                break;
            case OffsetCommitResponse commit:
                CountIn(commit);
                break;
            case HeartbeatResponse heartbeat:
                Count(api, heartbeat.ErrorCode);
                break;
            case ConsumerGroupHeartbeatResponse heartbeat:
                Count(api, heartbeat.ErrorCode);
                break;
            default:
                CountInOther(response, api);
                break;
        }
    }

    private void CountIn(ProduceResponse response)
    {
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.PartitionResponses)
            {
                Count(ApiKey.Produce, partition.ErrorCode);
            }
        }
    }

    private void CountIn(FetchResponse response)
    {
        Count(ApiKey.Fetch, response.ErrorCode);
        foreach (var topic in response.Responses)
        {
            foreach (var partition in topic.Partitions)
            {
                Count(ApiKey.Fetch, partition.ErrorCode);
            }
        }
    }

    private void CountIn(OffsetCommitResponse response)
    {
        foreach (var topic in response.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                Count(ApiKey.OffsetCommit, partition.ErrorCode);
            }
        }
    }

    // APIs that are asked seldom.
    private void CountInOther(IMessage response, ApiKey api)
    {
        IEnumerable<ErrorCode> codes = response switch
        {
            ApiVersionsResponse r => [r.ErrorCode],
            MetadataResponse r => r.Topics.SelectMany(topic => topic.Partitions.Select(partition => partition.ErrorCode)
                .Prepend(topic.ErrorCode)),
            ListOffsetsResponse r => r.Topics.SelectMany(topic => topic.Partitions).Select(entry => entry.ErrorCode),
            OffsetForLeaderEpochResponse r => r.Topics.SelectMany(topic => topic.Partitions).Select(entry => entry.ErrorCode),
            DeleteRecordsResponse r => r.Topics.SelectMany(topic => topic.Partitions).Select(entry => entry.ErrorCode),
            CreateTopicsResponse r => r.Topics.Select(topic => topic.ErrorCode),
            DeleteTopicsResponse r => r.Responses.Select(topic => topic.ErrorCode),
            CreatePartitionsResponse r => r.Results.Select(topic => topic.ErrorCode),
            DescribeConfigsResponse r => r.Results.Select(result => result.ErrorCode),
            AlterConfigsResponse r => r.Responses.Select(result => result.ErrorCode),
            IncrementalAlterConfigsResponse r => r.Responses.Select(result => result.ErrorCode),
            ListClientMetricsResourcesResponse r => [r.ErrorCode],
            GetTelemetrySubscriptionsResponse r => [r.ErrorCode],
            PushTelemetryResponse r => [r.ErrorCode],
            DescribeClusterResponse r => [r.ErrorCode],
            DescribeTopicPartitionsResponse r => r.Topics.Select(topic => topic.ErrorCode),
            InitProducerIdResponse r => [r.ErrorCode],
            FindCoordinatorResponse r => r.Coordinators.Select(found => found.ErrorCode).Append(r.ErrorCode),
            DescribeLogDirsResponse r => r.Results.Select(directory => directory.ErrorCode).Append(r.ErrorCode),
            AlterReplicaLogDirsResponse r => r.Results.SelectMany(topic => topic.Partitions).Select(entry => entry.ErrorCode),
            DescribeProducersResponse r => r.Topics.SelectMany(topic => topic.Partitions).Select(entry => entry.ErrorCode),
            DescribeTransactionsResponse r => r.TransactionStates.Select(entry => entry.ErrorCode),
            ListTransactionsResponse r => [r.ErrorCode],
            DescribeQuorumResponse r => r.Topics.SelectMany(topic => topic.Partitions).Select(entry => entry.ErrorCode)
                .Append(r.ErrorCode),
            UpdateFeaturesResponse r => r.Results.Select(entry => entry.ErrorCode).Append(r.ErrorCode),
            ElectLeadersResponse r => r.ReplicaElectionResults.SelectMany(topic => topic.PartitionResult)
                .Select(entry => entry.ErrorCode).Append(r.ErrorCode),
            AlterPartitionReassignmentsResponse r => r.Responses.SelectMany(topic => topic.Partitions)
                .Select(entry => entry.ErrorCode).Append(r.ErrorCode),
            ListPartitionReassignmentsResponse r => [r.ErrorCode],
            UnregisterBrokerResponse r => [r.ErrorCode],
            _ => ErrorsInGroups(response) ?? throw new InvalidOperationException($"nobody counts the errors in a {response.GetType().Name}"),
        };
        foreach (var code in codes)
        {
            Count(api, code);
        }
    }

    private static IEnumerable<ErrorCode>? ErrorsInGroups(IMessage response) => response switch
    {
        JoinGroupResponse r => [r.ErrorCode],
        SyncGroupResponse r => [r.ErrorCode],
        LeaveGroupResponse r => r.Members.Select(member => member.ErrorCode).Append(r.ErrorCode),
        OffsetFetchResponse r => r.Groups.SelectMany(group => group.Topics.SelectMany(topic => topic.Partitions)
            .Select(entry => entry.ErrorCode).Append(group.ErrorCode))
            .Concat(r.Topics.SelectMany(topic => topic.Partitions).Select(entry => entry.ErrorCode)).Append(r.ErrorCode),
        OffsetDeleteResponse r => r.Topics.SelectMany(topic => topic.Partitions).Select(entry => entry.ErrorCode)
            .Append(r.ErrorCode),
        ListGroupsResponse r => [r.ErrorCode],
        DescribeGroupsResponse r => r.Groups.Select(group => group.ErrorCode),
        ConsumerGroupDescribeResponse r => r.Groups.Select(group => group.ErrorCode),
        DeleteGroupsResponse r => r.Results.Select(result => result.ErrorCode),
        _ => null,
    };

    private void Count(ApiKey api, ErrorCode error)
    {
        if (error == ErrorCode.None)
        {
            return;
        }

        var codes = Volatile.Read(ref _counts[(int)api])
            ?? Interlocked.CompareExchange(ref _counts[(int)api], new long[CodesCount], null)
            ?? _counts[(int)api]!;
        Interlocked.Increment(ref codes[(short)error - LowestCode]);
    }
}
