namespace FastLog.Coordination;

/// <summary>The topics of the cluster at one moment, as far as groups need them. Does not change while it is held.</summary>
public interface IGroupTopics
{
    /// <summary>Higher in every later state of the topics: the offset of the newest metadata record.</summary>
    long Version { get; }

    /// <summary>Every topic, internal ones too, in no particular order.</summary>
    IEnumerable<GroupTopic> All { get; }

    /// <summary>The topic of that name, or null.</summary>
    /// <param name="name">Name of a topic.</param>
    GroupTopic? Find(string name);

    /// <summary>The topic of that id, or null.</summary>
    /// <param name="id">Id of a topic.</param>
    GroupTopic? Find(Guid id);
}

/// <summary>A topic as groups see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="PartitionsCount">How many partitions it has.</param>
/// <param name="IsInternal">Whether it belongs to a coordinator; patterns do not match it.</param>
public readonly record struct GroupTopic(Guid Id, string Name, int PartitionsCount, bool IsInternal);
