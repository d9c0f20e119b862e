using System.Text.Json.Serialization;
using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>All runs of one load, by one driver, against one broker.</summary>
internal sealed record CaseResult
{
    public required Driver Driver { get; init; }

    /// <summary>The broker's name.</summary>
    public required string Target { get; init; }

    public required IReadOnlyList<RunFigures> Runs { get; init; }

    [JsonIgnore]
    public bool IsPeer => Target != Targets.Target.OwnName;

    /// <summary>The medians of what there is, by name; for the reader of the JSON.</summary>
    public IReadOnlyDictionary<string, double> MedianByFigure => Enum.GetValues<FigureKind>()
        .Select(kind => (kind, Value: Median(kind)))
        .Where(figure => figure.Value is not null)
        .ToDictionary(figure => figure.kind.ToString(), figure => Math.Round(figure.Value!.Value, 4));

    /// <summary>Of each figure on its own; null when no run has it.</summary>
    public double? Median(FigureKind kind) =>
        Medians.Of([.. Runs.Select(run => run.Of(kind)).Where(value => value is not null).Select(value => value!.Value)]);

    /// <summary>The share of one CPU that others took while the runs lasted.</summary>
    public double? OthersShare => Runs.Sum(run => run.WatchedSeconds) is > 0 and double seconds
        ? Runs.Sum(run => run.OthersCpuSeconds) / seconds
        : null;

    /// <summary>The run whose speed is the median, or the faster of the middle two: what charts over time show.</summary>
    [JsonIgnore]
    public RunFigures Middle => Runs.OrderBy(run => run.Of(FigureKind.RecordsPerSecond) ?? 0).ElementAt(Runs.Count / 2);
}
