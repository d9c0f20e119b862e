using System.Globalization;

namespace FastLog.Interop.Metrics;

/// <summary>A page of metrics as it came over HTTP, taken apart by this project's own reading of the format.</summary>
internal sealed class MetricsPage
{
    private readonly Dictionary<string, double> _values;

    private MetricsPage(string text)
    {
        Text = text;
        _values = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .ToDictionary(
                line => line[..line.LastIndexOf(' ')],
                line => double.Parse(line[(line.LastIndexOf(' ') + 1)..].Replace("+Inf", "Infinity", StringComparison.Ordinal), CultureInfo.InvariantCulture),
                StringComparer.Ordinal);
    }

    /// <summary>The page as it came.</summary>
    public string Text { get; }

    /// <summary>The value of a series, named with its labels as on the page.</summary>
    public double this[string series] =>
        _values.TryGetValue(series, out double value) ? value : throw new KeyNotFoundException($"{series} is not on:\n{Text}");

    /// <summary>The value, or 0 for a series that is not there.</summary>
    public double Find(string series) => _values.GetValueOrDefault(series);

    /// <summary>Fetches the page.</summary>
    public static async Task<MetricsPage> GetAsync(Uri address)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        using HttpResponseMessage response = await client.GetAsync(address);
        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        return new MetricsPage(await response.Content.ReadAsStringAsync());
    }
}
