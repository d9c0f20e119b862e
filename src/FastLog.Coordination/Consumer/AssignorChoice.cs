using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Consumer;

/// <summary>The assignors on offer, and which of them a group uses.</summary>
internal sealed class AssignorChoice
{
    private readonly List<IPartitionAssignor> _assignors = [];

    /// <exception cref="ArgumentException">There is no assignor of that name, or none at all.</exception>
    public AssignorChoice(IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfZero(names.Count);
        foreach (var name in names)
        {
            _assignors.Add(name switch
            {
                "uniform" => new UniformAssignor(),
                "range" => new RangeAssignor(),
                _ => throw new ArgumentException($"There is no assignor {name}.", nameof(names)),
            });
        }

        Names = names;
    }

    /// <summary>Their names, the default's first.</summary>
    public IReadOnlyList<string> Names { get; }

    public bool Has(string name) => Names.Contains(name, StringComparer.Ordinal);

    /// <summary>The one that most members ask for, the earlier on offer if as many ask for two; else the default.</summary>
    public IPartitionAssignor For(GroupState group)
    {
        Span<int> votes = stackalloc int[_assignors.Count];
        foreach (var member in group.Members.Values)
        {
            for (var i = 0; i < votes.Length; i++)
            {
                votes[i] += _assignors[i].Name == member.Metadata.ServerAssignor ? 1 : 0;
            }
        }

        var chosen = 0;
        for (var i = 1; i < votes.Length; i++)
        {
            chosen = votes[i] > votes[chosen] ? i : chosen;
        }

        return _assignors[chosen];
    }
}
