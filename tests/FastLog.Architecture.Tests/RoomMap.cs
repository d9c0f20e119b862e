namespace FastLog.Architecture.Tests;

/// <summary>The table of rooms in src/README.md: each room with the rooms it may use.</summary>
internal sealed class RoomMap
{
    private const string RoomPrefix = "FastLog.";

    private RoomMap(IReadOnlyDictionary<string, IReadOnlySet<string>> arrows) => Arrows = arrows;

    /// <summary>Room name to the rooms it may use.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Arrows { get; }

    /// <summary>Reads the rows <c>| FastLog.X | what it holds | FastLog.Y, FastLog.Z |</c>; other lines do not count.</summary>
    public static RoomMap Parse(IEnumerable<string> lines)
    {
        var arrows = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        foreach (string line in lines)
        {
            string[] cells = line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length != 3 || !cells[0].StartsWith(RoomPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            string[] mayUse = cells[2] == "nothing"
                ? []
                : cells[2].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            arrows.Add(cells[0], mayUse.ToHashSet(StringComparer.Ordinal));
        }

        return new RoomMap(arrows);
    }

    /// <summary>What is wrong between this map and the project files: one line per finding.</summary>
    /// <param name="projects">Room name to the rooms its project file refers to.</param>
    public IReadOnlyList<string> Disagreements(IReadOnlyDictionary<string, IReadOnlyList<string>> projects)
    {
        var findings = new List<string>();
        foreach ((string room, IReadOnlyList<string> used) in projects)
        {
            if (!Arrows.TryGetValue(room, out IReadOnlySet<string>? mayUse))
            {
                findings.Add($"{room} has no row in the map.");
                continue;
            }

            findings.AddRange(used.Where(target => !mayUse.Contains(target))
                .Select(target => $"{room} -> {target} is an arrow that the map does not have."));
        }

        foreach ((string room, IReadOnlySet<string> mayUse) in Arrows)
        {
            if (!projects.ContainsKey(room))
            {
                findings.Add($"The map has a row for {room}, which does not exist.");
            }

            findings.AddRange(mayUse.Where(target => !projects.ContainsKey(target))
                .Select(target => $"The map's arrow {room} -> {target} leads to no room."));
        }

        findings.AddRange(ArrowsThatLeadUp());
        return findings;
    }

    // The rows stand ground floor first, so an arrow to a later row is an arrow upwards: that is how cycles begin.
    private List<string> ArrowsThatLeadUp()
    {
        var findings = new List<string>();
        var below = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string room, IReadOnlySet<string> mayUse) in Arrows)
        {
            findings.AddRange(mayUse.Where(target => Arrows.ContainsKey(target) && !below.Contains(target))
                .Select(target => $"The map's arrow {room} -> {target} leads up."));
            below.Add(room);
        }

        return findings;
    }
}
