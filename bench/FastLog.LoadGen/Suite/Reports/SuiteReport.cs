using FastLog.LoadGen.Suite.Judging;
using FastLog.LoadGen.Suite.Runs;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>One run of the suite, with all that is needed to judge it and to do it again. This is results.json.</summary>
internal sealed record SuiteReport
{
    public required DateTimeOffset Date { get; init; }

    /// <summary>What was measured; says so when the working tree had changes.</summary>
    public required string Commit { get; init; }

    /// <summary>The command that made all of it.</summary>
    public required string Command { get; init; }

    public required string BrokerCommand { get; init; }

    /// <summary>Where the broker's log lay.</summary>
    public required string FileSystem { get; init; }

    /// <summary>The machine's load before the run: what is not near zero disturbed it.</summary>
    public required string LoadAverageBefore { get; init; }

    public required Machine Machine { get; init; }

    public required SuiteExtent Extent { get; init; }

    public required IReadOnlyList<ScenarioResult> Results { get; init; }

    /// <summary>What the own generator does against a sink that only acknowledges.</summary>
    public required IReadOnlyList<CeilingFigures> Ceilings { get; init; }

    public IReadOnlyList<Verdict> Verdicts => [.. Results.SelectMany(Judge.Of)];

    public IReadOnlyList<Ratio> Ratios =>
        [.. Results.SelectMany(result => Ratio.Compared.SelectMany(kind => Ratio.OfAll(result, kind)))];
}

/// <summary>The generator's own limit.</summary>
/// <param name="Load">Which load, in words.</param>
/// <param name="RecordsPerSecond">Records a second.</param>
/// <param name="MegabytesPerSecond">Megabytes (10^6) of values a second.</param>
/// <param name="GeneratorCpuSecondsPerGigabyte">What that costs the generator.</param>
internal sealed record CeilingFigures(
    string Load, double RecordsPerSecond, double MegabytesPerSecond, double GeneratorCpuSecondsPerGigabyte);
