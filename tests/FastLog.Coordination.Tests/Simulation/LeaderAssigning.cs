using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>What the leader of a classic group of consumers does: ranges of each topic's partitions to its subscribers.</summary>
internal static class LeaderAssigning
{
    public static byte[] Subscription(
        IEnumerable<string> topics, IEnumerable<(string Topic, int Partition)> owned, int generation)
    {
        var subscription = new ConsumerProtocolSubscription { GenerationId = generation };
        foreach (var topic in topics)
        {
            subscription.Topics.Add(topic);
        }

        foreach (var partitions in owned.GroupBy(place => place.Topic))
        {
            var entry = subscription.OwnedPartitions.Add();
            entry.Topic = partitions.Key;
            entry.Partitions.AddRange([.. partitions.Select(place => place.Partition)]);
        }

        return VersionPrefixed.ToArray(subscription, 3);
    }

    public static byte[] Assignment(IEnumerable<(string Topic, int Partition)> places)
    {
        var assignment = new ConsumerProtocolAssignment();
        foreach (var partitions in places.GroupBy(place => place.Topic))
        {
            var entry = assignment.AssignedPartitions.Add();
            entry.Topic = partitions.Key;
            entry.Partitions.AddRange([.. partitions.Select(place => place.Partition)]);
        }

        return VersionPrefixed.ToArray(assignment, 3);
    }

    public static HashSet<(string Topic, int Partition)> ReadAssignment(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        var assignment = new ConsumerProtocolAssignment();
        VersionPrefixed.Decode(assignment, bytes);
        return [.. assignment.AssignedPartitions.SelectMany(topic => topic.Partitions.Select(index => (topic.Topic, index)))];
    }

    /// <summary>
    /// The partitions of each member. Cooperating members keep what they own until they have given it up, so what is to go
    /// from one to the other is left out for now (KIP-429).
    /// </summary>
    public static Dictionary<string, List<(string Topic, int Partition)>> Assign(
        JoinGroupResponse joined, IGroupTopics topics, bool isCooperative)
    {
        var members = new SortedDictionary<string, ConsumerProtocolSubscription>(StringComparer.Ordinal);
        foreach (var member in joined.Members)
        {
            var subscription = new ConsumerProtocolSubscription();
            VersionPrefixed.Decode(subscription, member.Metadata);
            members.Add(member.MemberId, subscription);
        }

        var owners = isCooperative ? OwnersOf(members) : [];
        var assigned = members.Keys.ToDictionary(id => id, _ => new List<(string, int)>());
        foreach (var topic in members.Values.SelectMany(member => member.Topics).Distinct().Order(StringComparer.Ordinal))
        {
            var subscribers = members.Where(member => member.Value.Topics.Contains(topic)).Select(member => member.Key).ToList();
            var count = topics.Find(topic)?.PartitionsCount ?? 0;
            for (var partition = 0; partition < count; partition++)
            {
                var heir = subscribers[(int)((long)partition * subscribers.Count / count)];
                if (!owners.TryGetValue((topic, partition), out var owner) || owner == heir)
                {
                    assigned[heir].Add((topic, partition));
                }
            }
        }

        return assigned;
    }

    private static Dictionary<(string Topic, int Partition), string> OwnersOf(
        SortedDictionary<string, ConsumerProtocolSubscription> members)
    {
        var owners = new Dictionary<(string, int), string>();
        foreach (var (id, subscription) in members.OrderBy(member => member.Value.GenerationId))
        {
            foreach (var topic in subscription.OwnedPartitions)
            {
                foreach (var partition in topic.Partitions)
                {
                    owners[(topic.Topic, partition)] = id;
                }
            }
        }

        return owners;
    }
}
