using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Suite;

/// <summary>What the suite was asked to do.</summary>
internal sealed record SuiteOptions
{
    public required SuiteExtent Extent { get; init; }

    public required IReadOnlyList<Scenario> Scenarios { get; init; }

    public required IReadOnlyList<Target> Peers { get; init; }

    /// <summary>The executable <c>fastlog</c>.</summary>
    public required string Server { get; init; }

    /// <summary>A fresh folder below this one holds the broker's log, and goes away afterwards.</summary>
    public required string DataFolder { get; init; }

    /// <summary>librdkafka's <c>rdkafka_performance</c>; null to do without.</summary>
    public string? RdkafkaProgram { get; init; }

    /// <summary>Whether a report is kept.</summary>
    public required bool IsReported { get; init; }

    /// <summary>The command line that asked, as typed.</summary>
    public required string Command { get; init; }

    /// <exception cref="FormatException">A name is unknown.</exception>
    public static IReadOnlyList<Scenario> Named(IReadOnlyCollection<string> names)
    {
        if (names.FirstOrDefault(name => ScenarioTable.All.All(scenario => scenario.Name != name)) is { } unknown)
        {
            throw new FormatException($"there is no scenario '{unknown}'; --list lists them");
        }

        return names.Count == 0 ? ScenarioTable.All : [.. ScenarioTable.All.Where(scenario => names.Contains(scenario.Name))];
    }
}
