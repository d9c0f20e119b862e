namespace FastLog.Coordination.Assignors;

/// <summary>What an assignor needs to know of the topics.</summary>
public interface ITopicShapes
{
    /// <summary>Partitions of a topic; -1 when there is no such topic.</summary>
    int PartitionsCountOf(Guid topicId);
}
