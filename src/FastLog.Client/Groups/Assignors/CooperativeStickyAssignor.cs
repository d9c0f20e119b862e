using System.Buffers.Binary;

namespace FastLog.Client;

/// <summary>
/// Balances, leaves with each member what it has where that keeps the balance, and withholds partitions that go from one
/// member to another until the first has given them up, in the next round (KIP-429).
/// </summary>
internal sealed class CooperativeStickyAssignor : PartitionAssignor
{
    private const int NoGeneration = -1;

    public override string Name => "cooperative-sticky";

    public override bool IsCooperative => true;

    /// <summary>Members of older clients say the generation of what they own here and nowhere else.</summary>
    public override ReadOnlyMemory<byte>? UserData(int generation)
    {
        byte[] data = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(data, generation);
        return data;
    }

    public static int GenerationIn(ReadOnlyMemory<byte>? userData) =>
        userData is { } data && BinaryPrimitives.TryReadInt32BigEndian(data.Span, out int generation)
            ? generation
            : NoGeneration;

    protected override void Divide(
        List<AssignorMember> members,
        List<string> topics,
        IReadOnlyDictionary<string, int> partitionCounts,
        Dictionary<string, List<TopicAndPartition>> assigned)
    {
        Dictionary<TopicAndPartition, AssignorMember?> owners = OwnersOf(members, partitionCounts);
        StickyBalance balance = new(members, topics, partitionCounts);
        balance.Assign(owners);
        HashSet<(string MemberId, TopicAndPartition Partition)> claims =
            [.. members.SelectMany(member => member.Owned.Select(partition => (member.MemberId, partition)))];
        HashSet<TopicAndPartition> claimed = [.. members.SelectMany(member => member.Owned)];
        foreach ((TopicAndPartition partition, string memberId) in balance.Result())
        {
            bool isInOtherHands = claimed.Contains(partition) && !claims.Contains((memberId, partition));
            if (!isInOtherHands)
            {
                assigned[memberId].Add(partition);
            }
        }
    }

    /// <summary>Who owns what: of several that say they do, the one of the latest generation, and none when two say it of
    /// the same generation.</summary>
    private static Dictionary<TopicAndPartition, AssignorMember?> OwnersOf(
        List<AssignorMember> members, IReadOnlyDictionary<string, int> partitionCounts)
    {
        Dictionary<TopicAndPartition, AssignorMember?> owners = [];
        Dictionary<TopicAndPartition, int> generations = [];
        foreach (AssignorMember member in members)
        {
            foreach (TopicAndPartition partition in member.Owned)
            {
                bool isWanted = member.Topics.Contains(partition.Topic)
                    && partition.Partition < partitionCounts.GetValueOrDefault(partition.Topic);
                if (!isWanted)
                {
                    continue;
                }

                int latest = generations.GetValueOrDefault(partition, int.MinValue);
                if (member.Generation >= latest)
                {
                    owners[partition] = member.Generation == latest ? null : member;
                    generations[partition] = member.Generation;
                }
            }
        }

        return owners;
    }
}
