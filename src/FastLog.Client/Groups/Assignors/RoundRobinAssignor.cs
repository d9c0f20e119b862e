namespace FastLog.Client;

/// <summary>Goes through all partitions of all topics and gives one to each member in turn, leaving out members that do
/// not subscribe to the topic.</summary>
internal sealed class RoundRobinAssignor : PartitionAssignor
{
    public override string Name => "roundrobin";

    protected override void Divide(
        List<AssignorMember> members,
        List<string> topics,
        IReadOnlyDictionary<string, int> partitionCounts,
        Dictionary<string, List<TopicAndPartition>> assigned)
    {
        int turn = 0;
        foreach (string topic in topics)
        {
            for (int partition = 0; partition < partitionCounts[topic]; partition++)
            {
                while (!members[turn].Topics.Contains(topic))
                {
                    turn = (turn + 1) % members.Count;
                }

                assigned[members[turn].MemberId].Add(new TopicAndPartition(topic, partition));
                turn = (turn + 1) % members.Count;
            }
        }
    }
}
