using System.Globalization;

namespace FastLog.LoadGen.Suite.Charts;

/// <summary>Where values lie along an axis, and which of them are written beside it.</summary>
/// <param name="Label">What it shows, with the unit.</param>
/// <param name="Place">From a value to its place, 0 to 1.</param>
/// <param name="Ticks">Values and their texts.</param>
internal sealed record Axis(string Label, Func<double, double> Place, IReadOnlyList<(double Value, string Text)> Ticks)
{
    private const int TicksWanted = 5;
    private const double NinesMax = 5;

    /// <summary>From 0 to a round number that is not below any of the values.</summary>
    public static Axis Linear(string label, IEnumerable<double> values)
    {
        double most = Math.Max(values.DefaultIfEmpty(1).Max(), 1e-9);
        double step = RoundStep(most / TicksWanted);
        double end = Math.Ceiling(most / step) * step;
        int count = (int)Math.Round(end / step);
        return new Axis(label, value => value / end, [.. Enumerable.Range(0, count + 1).Select(i => (i * step, Show(i * step)))]);
    }

    /// <summary>Powers of ten around the values, which are above 0.</summary>
    public static Axis Logarithmic(string label, IEnumerable<double> values)
    {
        double[] known = [.. values.Where(value => value > 0).DefaultIfEmpty(1)];
        int low = (int)Math.Floor(Math.Log10(known.Min()));
        int high = Math.Max(low + 1, (int)Math.Ceiling(Math.Log10(known.Max())));
        return new Axis(
            label,
            value => (Math.Log10(Math.Max(value, Math.Pow(10, low))) - low) / (high - low),
            [.. Enumerable.Range(low, high - low + 1).Select(power => (Math.Pow(10, power), Show(Math.Pow(10, power))))]);
    }

    /// <summary>Percentiles, each nine as far from the last as from the next; 100 stands at the end for the maximum.</summary>
    public static Axis Percentiles(string label) => new(
        label,
        percent => (percent >= 100 ? NinesMax : Math.Min(NinesMax, -Math.Log10(1 - percent / 100))) / NinesMax,
        [(0, "0"), (50, "50"), (90, "90"), (99, "99"), (99.9, "99.9"), (99.99, "99.99"), (100, "max")]);

    private static double RoundStep(double raw)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double[] rounds = [1, 2, 2.5, 5, 10];
        return rounds.First(round => round * power >= raw * 0.999) * power;
    }

    private static string Show(double value) => value switch
    {
        0 => "0",
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " M",
        >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + " k",
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };
}
