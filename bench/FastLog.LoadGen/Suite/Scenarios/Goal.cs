using System.Globalization;

namespace FastLog.LoadGen.Suite.Scenarios;

/// <summary>What FastLog is to reach in a scenario.</summary>
/// <param name="Kind">Of what.</param>
/// <param name="Bound">At least or at most this, as the figure goes.</param>
/// <param name="IsForOwnGenerator">Whether it holds for FastLog's own generator alone; else librdkafka's program judges
/// where it is there, and the own generator where not.</param>
internal sealed record Goal(FigureKind Kind, double Bound, bool IsForOwnGenerator = false)
{
    public bool IsReachedBy(double figure) => Figures.IsMoreBetter(Kind) ? figure >= Bound : figure <= Bound;

    public string Text => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Figures.IsMoreBetter(Kind) ? "≥" : "≤")} {Bound:#,0.##} {Figures.Name(Kind)}{(IsForOwnGenerator ? " (own generator)" : "")}");
}
