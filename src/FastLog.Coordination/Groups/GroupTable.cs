namespace FastLog.Coordination;

/// <summary>The groups of a shard, by their ids.</summary>
public sealed class GroupTable
{
    private readonly Dictionary<string, Group> _groups = new(StringComparer.Ordinal);

    /// <summary>Every group, in no particular order; not to be changed while it is walked.</summary>
    public IReadOnlyCollection<Group> All => _groups.Values;

    /// <summary>The group of that id, or null.</summary>
    /// <param name="id">A group's id.</param>
    public Group? Find(string id) => _groups.GetValueOrDefault(id);

    /// <summary>Adds a group, in place of one of the same id if there is one.</summary>
    /// <param name="group">The group.</param>
    public void Put(Group group)
    {
        ArgumentNullException.ThrowIfNull(group);
        _groups[group.Id] = group;
    }

    /// <summary>Removes this very group; one that has taken its place stays.</summary>
    /// <param name="group">The group.</param>
    public void Remove(Group group)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (_groups.TryGetValue(group.Id, out var found) && ReferenceEquals(found, group))
        {
            _groups.Remove(group.Id);
        }
    }
}
