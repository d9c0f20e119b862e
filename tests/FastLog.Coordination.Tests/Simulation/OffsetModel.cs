using System.Globalization;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>
/// What committed offsets may be: the newest that was acknowledged or shown, or one that was tried later. Each try has a
/// number, which it carries as its text, counted in the order in which the coordinator saw them.
/// </summary>
internal sealed class OffsetModel
{
    private readonly Dictionary<(string Group, string Topic, int Partition), Place> _places = [];
    private long _tries;

    /// <summary>A commit is about to be decided on; returns its number.</summary>
    public long OnTry((string Group, string Topic, int Partition) at, long offset)
    {
        if (!_places.TryGetValue(at, out var place))
        {
            _places[at] = place = new Place();
        }

        place.Offsets[++_tries] = offset;
        return _tries;
    }

    /// <summary>It is acknowledged: nothing older may be seen any more.</summary>
    public void OnAcknowledged((string Group, string Topic, int Partition) at, long number) => _places[at].Raise(number);

    /// <summary>It was refused before anything was written: it must never be seen.</summary>
    public void OnRefused((string Group, string Topic, int Partition) at, long number) => _places[at].Offsets.Remove(number);

    /// <summary>The newest that must not be missed now.</summary>
    public long FloorOf((string Group, string Topic, int Partition) at) =>
        _places.TryGetValue(at, out var place) ? place.Floor : 0;

    /// <summary>An offset is seen.</summary>
    /// <param name="at">Its place.</param>
    /// <param name="offset">The offset, -1 for none.</param>
    /// <param name="text">The text that it was committed with.</param>
    /// <param name="floor">What <see cref="FloorOf"/> was when it was looked up.</param>
    /// <returns>The number of its commit, 0 for none.</returns>
    public long Check((string Group, string Topic, int Partition) at, long offset, string text, long floor)
    {
        if (offset < 0)
        {
            SimulationFailure.Unless(floor == 0, () => $"{at}: the acknowledged commit {floor} is lost");
            return 0;
        }

        var number = long.Parse(text, CultureInfo.InvariantCulture);
        SimulationFailure.Unless(
            _places.TryGetValue(at, out var place) && place.Offsets.TryGetValue(number, out var tried) && tried == offset,
            () => $"{at}: offset {offset} of commit {number} was never committed, was refused, or is older than {floor}");
        SimulationFailure.Unless(number >= floor, () => $"{at}: commit {number} is seen after commit {floor}");
        return number;
    }

    /// <summary>It was shown to a client, so a crash must not take it back.</summary>
    public void OnShown((string Group, string Topic, int Partition) at, long number)
    {
        if (number > 0)
        {
            _places[at].Raise(number);
        }
    }

    /// <summary>All offsets of a shard that was loaded.</summary>
    public void CheckAll(OffsetTable offsets)
    {
        foreach (var (at, place) in _places)
        {
            var found = offsets.Find(at.Group, at.Topic, at.Partition);
            Check(at, found?.Offset ?? -1, found?.Metadata ?? "", place.Floor);
        }
    }

    private sealed class Place
    {
        public Dictionary<long, long> Offsets { get; } = [];

        public long Floor { get; private set; }

        public void Raise(long number) => Floor = Math.Max(Floor, number);
    }
}
