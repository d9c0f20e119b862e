namespace FastLog.Client;

/// <summary>Gives each subscriber of a topic neighbouring partitions of it; the first ones get one more where the number
/// does not divide. Topics with the same subscribers and as many partitions are divided alike.</summary>
internal sealed class RangeAssignor : PartitionAssignor
{
    public override string Name => "range";

    protected override void Divide(
        List<AssignorMember> members,
        List<string> topics,
        IReadOnlyDictionary<string, int> partitionCounts,
        Dictionary<string, List<TopicAndPartition>> assigned)
    {
        foreach (string topic in topics)
        {
            List<AssignorMember> subscribers = [.. members.Where(member => member.Topics.Contains(topic))];
            (int each, int more) = Math.DivRem(partitionCounts[topic], subscribers.Count);
            int next = 0;
            for (int i = 0; i < subscribers.Count; i++)
            {
                int count = each + (i < more ? 1 : 0);
                assigned[subscribers[i].MemberId].AddRange(
                    Enumerable.Range(next, count).Select(partition => new TopicAndPartition(topic, partition)));
                next += count;
            }
        }
    }
}
