using System.Globalization;
using System.Text;

namespace FastLog.Records.Tests;

/// <summary>A batch recorded from another's program, with what an independent reader found in it (a file in Golden).</summary>
internal sealed record GoldenBatch(byte[] Bytes, Dictionary<string, string> Fields, List<string> Records)
{
    public static IEnumerable<string> Names =>
        typeof(GoldenBatch).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal);

    public static GoldenBatch Load(string name)
    {
        using StreamReader reader = new(typeof(GoldenBatch).Assembly.GetManifestResourceStream(name)!);
        StringBuilder hex = new();
        Dictionary<string, string> fields = [];
        List<string> records = [];
        while (reader.ReadLine() is { } line)
        {
            (string word, string rest) = (line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..]);
            switch (word)
            {
                case "batch":
                    hex.Append(rest);
                    break;
                case "record":
                    records.Add(rest);
                    break;
                default:
                    fields.Add(word, rest);
                    break;
            }
        }

        return new GoldenBatch(Convert.FromHexString(hex.ToString()), fields, records);
    }

    public long Number(string field) => long.Parse(Fields[field], CultureInfo.InvariantCulture);
}
