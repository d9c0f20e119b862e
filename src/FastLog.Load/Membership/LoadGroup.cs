namespace FastLog.Load.Membership;

/// <summary>
/// One group as its members know it: who says to own what, in which generation. It is stable when all of them are of one
/// generation and each partition has one owner. Any thread.
/// </summary>
/// <param name="id">The group's name.</param>
/// <param name="membersCount">How many members it has.</param>
/// <param name="partitionsCount">Partitions of the topic.</param>
/// <param name="progress">Hears of every change.</param>
internal sealed class LoadGroup(string id, int membersCount, int partitionsCount, IGroupProgress progress)
{
    private const int NoGeneration = -1;

    private readonly Lock _gate = new();
    private readonly int[] _generations = [.. Enumerable.Repeat(NoGeneration, membersCount)];
    private readonly IReadOnlyList<int>[] _owned = [.. Enumerable.Repeat<IReadOnlyList<int>>([], membersCount)];
    private int _newest = NoGeneration;
    private bool _isStable;

    /// <summary>The group's name.</summary>
    public string Id => id;

    /// <summary>What a member knows now.</summary>
    /// <param name="member">Its number in the group.</param>
    /// <param name="generation">Its generation or epoch.</param>
    /// <param name="owned">Its partitions.</param>
    public void Set(int member, int generation, IReadOnlyList<int> owned)
    {
        lock (_gate)
        {
            _generations[member] = generation;
            _owned[member] = owned;
            if (generation > _newest)
            {
                _newest = generation;
                progress.OnRebalance();
            }

            bool wasStable = _isStable;
            _isStable = AllAgree();
            if (_isStable != wasStable)
            {
                progress.OnStable(_isStable ? 1 : -1);
            }
        }
    }

    /// <summary>A member is in the group no more, or about to join anew.</summary>
    public void Leave(int member) => Set(member, NoGeneration, []);

    /// <summary>How far the group is, for an error.</summary>
    public string Describe()
    {
        lock (_gate)
        {
            return $"group {id}: generations {string.Join(' ', _generations)}, partitions {string.Join(" | ", _owned.Select(owned => string.Join(' ', owned)))}";
        }
    }

    private bool AllAgree()
    {
        if (_newest == NoGeneration || Array.Exists(_generations, generation => generation != _newest))
        {
            return false;
        }

        bool[] hasOwner = new bool[partitionsCount];
        int ownersCount = 0;
        foreach (int partition in _owned.SelectMany(owned => owned))
        {
            if (partition < 0 || partition >= partitionsCount || hasOwner[partition])
            {
                return false;
            }

            hasOwner[partition] = true;
            ownersCount++;
        }

        return ownersCount == partitionsCount;
    }
}

/// <summary>Hears how groups come along.</summary>
internal interface IGroupProgress
{
    /// <summary>A group has begun a generation.</summary>
    void OnRebalance();

    /// <summary>A group has become stable (1), or is so no more (-1).</summary>
    void OnStable(int change);
}
