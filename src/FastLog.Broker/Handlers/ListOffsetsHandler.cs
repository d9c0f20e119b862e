using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using FastLog.Storage;

namespace FastLog.Broker.Handlers;

/// <summary>
/// ListOffsets: earliest, latest, the record with the highest timestamp, or the first record at or after a time.
/// Offsets at or past the high watermark (or the last stable offset, read_committed) are not shown.
/// </summary>
internal sealed class ListOffsetsHandler(ReplicaRegistry replicas)
    : RequestHandler<ListOffsetsRequest, ListOffsetsResponse>
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;
    private const sbyte ReadCommitted = 1;
    private const short LeaderEpochVersionMin = 4;

    public override ApiKey ApiKey => ApiKey.ListOffsets;

    internal override ValueTask<ListOffsetsResponse> HandleAsync(RequestContext context, ListOffsetsRequest request)
    {
        var response = new ListOffsetsResponse();
        var askedTwice = DuplicatesOf(request);
        foreach (var topic in request.Topics)
        {
            var topicEntry = response.Topics.Add();
            topicEntry.Name = topic.Name;
            foreach (var asked in topic.Partitions)
            {
                var entry = topicEntry.Partitions.Add();
                entry.PartitionIndex = asked.PartitionIndex;
                entry.ErrorCode = askedTwice.Contains((topic.Name, asked.PartitionIndex))
                    ? ErrorCode.InvalidRequest
                    : Answer(topic.Name, asked, request.IsolationLevel, context.Version, entry);
            }
        }

        return ValueTask.FromResult(response);
    }

    private ErrorCode Answer(
        string topic,
        ListOffsetsRequest.ListOffsetsPartition asked,
        sbyte isolationLevel,
        short version,
        ListOffsetsResponse.ListOffsetsPartitionResponse entry)
    {
        if (replicas.Find(topic, asked.PartitionIndex) is not { } partition)
        {
            return replicas.WhyMissing(topic, asked.PartitionIndex);
        }

        var error = LeaderEpochs.Check(partition, asked.CurrentLeaderEpoch);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if (!IsKnownInVersion(asked.Timestamp, version))
        {
            return ErrorCode.UnsupportedVersion;
        }

        var end = isolationLevel == ReadCommitted ? partition.LastStableOffset : partition.HighWatermark;
        TimestampedOffset found;
        try
        {
            found = Find(partition, asked.Timestamp, end);
        }
        catch (Exception e) when (e is IOException or LogUnavailableException)
        {
            return ErrorCode.KafkaStorageError;
        }
        catch (RecordFormatException)
        {
            return ErrorCode.CorruptMessage;
        }

        entry.Timestamp = found.TimestampMs;
        entry.Offset = found.Offset;
        if (version >= LeaderEpochVersionMin)
        {
            entry.LeaderEpoch = found.LeaderEpoch;
        }

        return ErrorCode.None;
    }

    private static TimestampedOffset Find(Partition partition, long timestamp, long end)
    {
        switch (timestamp)
        {
            case Latest:
                return new(end, -1, partition.LeaderEpoch);
            case Earliest or EarliestLocal:
                var start = partition.LogStartOffset;
                return new(start, -1, partition.Log.EpochOf(start));
            case LatestTiered:
                // Nothing is ever tiered here.
                return TimestampedOffset.None;
            default:
                var found = timestamp == MaxTimestamp
                    ? partition.Log.MaxTimestampOffset()
                    : partition.Log.OffsetForTimestamp(timestamp);
                return found.Offset < end ? found : TimestampedOffset.None;
        }
    }

    private static bool IsKnownInVersion(long timestamp, short version) => timestamp switch
    {
        >= Earliest => true,
        MaxTimestamp => version >= 7,
        EarliestLocal => version >= 8,
        LatestTiered => version >= 9,
        _ => false,
    };

    private static HashSet<(string, int)> DuplicatesOf(ListOffsetsRequest request)
    {
        var seen = new HashSet<(string, int)>();
        var twice = new HashSet<(string, int)>();
        foreach (var topic in request.Topics)
        {
            foreach (var partition in topic.Partitions)
            {
                if (!seen.Add((topic.Name, partition.PartitionIndex)))
                {
                    twice.Add((topic.Name, partition.PartitionIndex));
                }
            }
        }

        return twice;
    }
}
