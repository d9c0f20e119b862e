namespace FastLog.Coordination.Tests.Consumer;

/// <summary>Topics that tests make, grow and delete; each change makes a new version, while the old one stays as it was.</summary>
internal sealed class StubTopics : IGroupTopics
{
    private readonly Dictionary<string, GroupTopic> _byName = new(StringComparer.Ordinal);

    public long Version { get; private init; } = 1;

    public IEnumerable<GroupTopic> All => _byName.Values;

    public GroupTopic? Find(string name) => _byName.TryGetValue(name, out var topic) ? topic : null;

    public GroupTopic? Find(Guid id)
    {
        foreach (var topic in _byName.Values)
        {
            if (topic.Id == id)
            {
                return topic;
            }
        }

        return null;
    }

    /// <summary>The same with a topic of so many partitions; 0 deletes it.</summary>
    public StubTopics With(string name, int partitionsCount, bool isInternal = false)
    {
        var next = new StubTopics { Version = Version + 1 };
        foreach (var topic in _byName.Values)
        {
            next._byName[topic.Name] = topic;
        }

        next._byName.Remove(name);
        if (partitionsCount > 0)
        {
            next._byName[name] = new GroupTopic(IdOf(name), name, partitionsCount, isInternal);
        }

        return next;
    }

    public static Guid IdOf(string name)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Text.Encoding.ASCII.GetBytes(name.AsSpan(0, Math.Min(16, name.Length)), bytes);
        return new Guid(bytes, bigEndian: true);
    }
}
