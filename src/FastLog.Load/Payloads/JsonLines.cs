using System.Globalization;
using System.Text;

namespace FastLog.Load.Payloads;

/// <summary>Objects as services send them: the same names in each, values of few kinds and of many.</summary>
internal sealed class JsonLines(int seed) : ILineWriter
{
    private static readonly string[] Events = ["page_view", "page_view", "page_view", "click", "click", "add_to_cart", "search", "purchase"];

    private static readonly string[] Countries = ["DE", "FR", "US", "GB", "IN", "BR", "JP", "NL"];

    private static readonly string[] Devices = ["phone", "phone", "desktop", "tablet"];

    private SplitMix _random = SplitMix.For(seed, 2);
    private long _timeMs = 1_773_480_413_000;

    public void Write(StringBuilder text)
    {
        _timeMs += _random.Below(40);
        text.Append(CultureInfo.InvariantCulture, $"{{\"id\":\"{_random.Next():x16}\",\"timestamp\":{_timeMs},");
        text.Append(CultureInfo.InvariantCulture, $"\"event\":\"{Pick(Events)}\",\"user_id\":{100_000 + _random.Below(900_000)},");
        text.Append(CultureInfo.InvariantCulture, $"\"session\":\"{_random.Next() >> 32:x8}\",\"country\":\"{Pick(Countries)}\",");
        text.Append(CultureInfo.InvariantCulture, $"\"device\":\"{Pick(Devices)}\",\"page\":\"/products/{_random.Below(20_000)}\",");
        text.Append(CultureInfo.InvariantCulture, $"\"duration_ms\":{_random.Below(30_000)},\"amount\":{_random.Below(50_000) / 100.0:F2},");
        text.Append(CultureInfo.InvariantCulture, $"\"is_member\":{(_random.Below(3) == 0 ? "true" : "false")}}}");
    }

    private string Pick(string[] choices) => choices[_random.Below(choices.Length)];
}
