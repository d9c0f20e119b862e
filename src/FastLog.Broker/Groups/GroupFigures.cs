using System.Diagnostics.Metrics;
using System.Globalization;
using FastLog.Cluster;
using FastLog.Coordination;

namespace FastLog.Broker.Groups;

/// <summary>What groups have committed against what there is to consume, read when somebody asks.</summary>
/// <param name="coordinator">The groups.</param>
/// <param name="replicas">The partitions that they consume.</param>
/// <param name="groupsMax">So many groups, the first by their ids, have figures of their own.</param>
/// <param name="partitionsMax">Up to so many offsets have figures of their own: all of them, or with more of them none.</param>
internal sealed class GroupFigures(
    GroupCoordinator coordinator, ReplicaRegistry replicas, int groupsMax, int partitionsMax)
{
    /// <summary>Offsets committed, those found when their shards were loaded among them.</summary>
    public long CommitsCount => Sum(shard => shard.Offsets.CommitsCount);

    /// <summary>Committed offsets that are kept.</summary>
    public long OffsetsCount => Sum(shard => shard.Offsets.Count);

    /// <summary>Groups without figures of their own since there are too many.</summary>
    public long HiddenGroupsCount => Math.Max(0, Sum(shard => shard.Offsets.Groups.Count) - groupsMax);

    /// <summary>Offsets without figures of their own since there are too many.</summary>
    public long HiddenOffsetsCount => OffsetsCount is var count && count > partitionsMax ? count : 0;

    /// <summary>How many groups there are, by kind and state.</summary>
    public IEnumerable<Measurement<long>> Groups()
    {
        var counts = new SortedDictionary<(string Type, string State), long>();
        LookAtAll(shard =>
        {
            foreach (var group in shard.Groups.All)
            {
                var kind = (group.Type.ToString().ToLowerInvariant(), group.StateName);
                counts[kind] = counts.GetValueOrDefault(kind) + 1;
            }
        });
        return counts.Select(entry => new Measurement<long>(
            entry.Value, new("type", entry.Key.Type), new KeyValuePair<string, object?>("state", entry.Key.State)));
    }

    /// <summary>Records behind the high watermark, by group: the sum of its partitions.</summary>
    public IEnumerable<Measurement<long>> LagByGroup() => Lags()
        .GroupBy(lag => lag.Group, StringComparer.Ordinal)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Take(groupsMax)
        .Select(group => new Measurement<long>(
            group.Sum(lag => lag.Records), new KeyValuePair<string, object?>("group", group.Key)));

    /// <summary>Records behind the high watermark, by group and partition.</summary>
    public IEnumerable<Measurement<long>> LagByPartition() => HiddenOffsetsCount > 0
        ? []
        : Lags().Select(lag => new Measurement<long>(
            lag.Records,
            new("group", lag.Group),
            new("topic", lag.Topic),
            new KeyValuePair<string, object?>("partition", lag.Partition.ToString(CultureInfo.InvariantCulture))));

    private List<Lag> Lags()
    {
        var lags = new List<Lag>();
        LookAtAll(shard =>
        {
            foreach (var (group, offsets) in shard.Offsets.Groups)
            {
                foreach (var (topic, partitions) in offsets.Topics)
                {
                    foreach (var (partition, offset) in partitions)
                    {
                        // What another broker leads is that broker's to tell.
                        if (replicas.Find(topic, partition) is { } found)
                        {
                            // What retention took can be consumed no more, so it is not behind.
                            var next = Math.Max(offset.Offset, found.LogStartOffset);
                            lags.Add(new Lag(group, topic, partition, Math.Max(0, found.HighWatermark - next)));
                        }
                    }
                }
            }
        });
        return lags;
    }

    private long Sum(Func<GroupShard, long> count)
    {
        long sum = 0;
        LookAtAll(shard => sum += count(shard));
        return sum;
    }

    private void LookAtAll(Action<GroupShard> look)
    {
        foreach (var runner in coordinator.Runners)
        {
            runner.Look(look);
        }
    }

    private readonly record struct Lag(string Group, string Topic, int Partition, long Records);
}
