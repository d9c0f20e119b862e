using FastLog.LoadGen.Suite.Runs;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Judging;

/// <summary>What became of a goal.</summary>
internal enum Outcome
{
    Reached,
    NotReached,

    /// <summary>There is no figure to hold it against.</summary>
    NotMeasured,
}

/// <summary>A goal and what was measured for it.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Goal">The goal.</param>
/// <param name="Driver">Whose figure decided; null when there was none.</param>
/// <param name="Figure">The median; null when there was none.</param>
/// <param name="Outcome">What became of it.</param>
internal sealed record Verdict(string Scenario, Goal Goal, Driver? Driver, double? Figure, Outcome Outcome)
{
    public string FigureText => $"{Figures.Show(Figure, Goal.Kind)} {Figures.Name(Goal.Kind)}";
}

/// <summary>Holds figures against goals.</summary>
internal static class Judge
{
    public static IEnumerable<Verdict> Of(ScenarioResult result) => result.Scenario.Goals.Select(goal => Of(result, goal));

    public static Verdict Of(ScenarioResult result, Goal goal)
    {
        CaseResult? own = result.Own(Driver.Own);
        CaseResult? judged = goal.IsForOwnGenerator ? own : result.Own(Driver.Rdkafka) ?? own;
        double? figure = judged is null
            ? null
            : goal.Kind == FigureKind.RatioToPeer
                ? Ratio.OfAll(result, FigureKind.RecordsPerSecond)
                    .Where(ratio => ratio.Driver == judged.Driver)
                    .Min(ratio => (double?)ratio.Value)
                : judged.Median(goal.Kind);
        Outcome outcome = figure is not { } measured
            ? Outcome.NotMeasured
            : goal.IsReachedBy(measured) ? Outcome.Reached : Outcome.NotReached;
        return new Verdict(result.Scenario.Name, goal, figure is null ? null : judged!.Driver, figure, outcome);
    }
}
