using System.Globalization;
using System.Text;

namespace FastLog.Benchmarks.Inputs;

/// <summary>Text as services log it: JSON objects that share their names and differ in their values. Always the same.</summary>
internal static class JsonText
{
    private static readonly string[] Paths = ["/orders", "/orders/items", "/customers", "/basket", "/checkout", "/search"];
    private static readonly string[] Levels = ["INFO", "INFO", "INFO", "WARN", "DEBUG"];

    /// <summary>Exactly so many bytes of objects, one after another.</summary>
    public static byte[] Make(int sizeBytes)
    {
        Random random = new(1);
        StringBuilder text = new(sizeBytes + 256);
        for (long timeMs = Batches.TimestampMs; text.Length < sizeBytes; timeMs += random.Next(10))
        {
            string level = Levels[random.Next(Levels.Length)];
            string path = Paths[random.Next(Paths.Length)];
            int id = random.Next(100_000);
            long trace = random.NextInt64();
            int durationMs = random.Next(2000);
            text.Append(
                CultureInfo.InvariantCulture,
                $$"""{"time":{{timeMs}},"level":"{{level}}","path":"{{path}}/{{id}}","trace":"{{trace:x16}}",""");
            text.Append(CultureInfo.InvariantCulture, $$""" "durationMs":{{durationMs}},"status":200}""");
        }

        return Encoding.ASCII.GetBytes(text.ToString(0, sizeBytes));
    }
}
