namespace FastLog.Coordination.Tests.Simulation;

/// <summary>Topics that appear and grow: each change makes a new state of them.</summary>
internal sealed class SimulatedTopics : IGroupTopics
{
    private readonly Dictionary<string, GroupTopic> _topics;

    private SimulatedTopics(long version, Dictionary<string, GroupTopic> topics)
    {
        Version = version;
        _topics = topics;
    }

    public static SimulatedTopics None { get; } = new(1, []);

    public long Version { get; }

    public IEnumerable<GroupTopic> All => _topics.Values;

    public GroupTopic? Find(string name) => _topics.TryGetValue(name, out var topic) ? topic : null;

    public GroupTopic? Find(Guid id)
    {
        foreach (var topic in _topics.Values)
        {
            if (topic.Id == id)
            {
                return topic;
            }
        }

        return null;
    }

    public SimulatedTopics With(string name, int partitionsCount)
    {
        var id = _topics.TryGetValue(name, out var topic) ? topic.Id : new Guid(_topics.Count + 1, 0, 0, new byte[8]);
        return new SimulatedTopics(
            Version + 1,
            new(_topics) { [name] = new GroupTopic(id, name, partitionsCount, IsInternal: name.StartsWith("__", StringComparison.Ordinal)) });
    }

    public SimulatedTopics Without(string name)
    {
        var topics = new Dictionary<string, GroupTopic>(_topics);
        topics.Remove(name);
        return new SimulatedTopics(Version + 1, topics);
    }
}
