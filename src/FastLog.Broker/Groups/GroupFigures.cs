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
    public IEnumerable<Measurement<long>> LagByGroup()
    {
        // Summed as they are met: of millions of offsets no list is made.
        var sums = new SortedDictionary<string, long>(StringComparer.Ordinal);
        ForEachLag((group, _, _, records) => sums[group] = sums.GetValueOrDefault(group) + records);
        return sums.Take(groupsMax).Select(sum => new Measurement<long>(
            sum.Value, new KeyValuePair<string, object?>("group", sum.Key)));
    }

    /// <summary>Records behind the high watermark, by group and partition.</summary>
    public IEnumerable<Measurement<long>> LagByPartition()
    {
        var lags = new List<Measurement<long>>();
        if (HiddenOffsetsCount == 0)
        {
            ForEachLag((group, topic, partition, records) => lags.Add(new Measurement<long>(
                records,
                new("group", group),
                new("topic", topic),
                new KeyValuePair<string, object?>("partition", partition.ToString(CultureInfo.InvariantCulture)))));
        }

        return lags;
    }

    private void ForEachLag(Action<string, string, int, long> take) => LookAtAll(shard =>
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
                        take(group, topic, partition, Math.Max(0, found.HighWatermark - next));
                    }
                }
            }
        }
    });

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
}
