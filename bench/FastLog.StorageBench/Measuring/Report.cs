using System.Globalization;
using System.Text.Json;

namespace FastLog.StorageBench.Measuring;

/// <summary>One measurement's figures: a table for people, then one line of JSON for programs.</summary>
internal sealed class Report(string measurement)
{
    private readonly List<(string Name, string Key, double Value, string Unit)> _figures = [];

    public void Add(string name, string key, double value, string unit) => _figures.Add((name, key, value, unit));

    public void Print()
    {
        int width = _figures.Max(figure => figure.Name.Length);
        Console.WriteLine(measurement);
        foreach ((string name, _, double value, string unit) in _figures)
            Console.WriteLine($"  {name.PadRight(width)}  {Text(value),12} {unit}");
        Dictionary<string, object> line = new() { ["measurement"] = measurement };
        foreach ((_, string key, double value, _) in _figures)
            line[key] = Math.Round(value, 4);
        Console.WriteLine(JsonSerializer.Serialize(line));
    }

    private static string Text(double value) =>
        value.ToString(Math.Abs(value) >= 100 ? "#,0" : Math.Abs(value) >= 1 ? "0.00" : "0.0000", CultureInfo.InvariantCulture);
}
