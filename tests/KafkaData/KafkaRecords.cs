using System.Globalization;
using System.Text;
using System.Text.Json;
using FastLog.Records;

namespace FastLog.KafkaData;

/// <summary>Records as lines of text, so that two of them are the same when their lines are.</summary>
internal static class KafkaRecords
{
    /// <summary>What Kafka's consumer read, by partition, in its order.</summary>
    /// <param name="name">Such as "expected-clean.jsonl".</param>
    public static SortedDictionary<string, List<string>> Expected(string name)
    {
        SortedDictionary<string, List<string>> partitions = new(StringComparer.Ordinal);
        foreach (string line in KafkaDataDirectory.ReadText(name).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement record = json.RootElement;
            string partition = $"{record.GetProperty("topic").GetString()}-{record.GetProperty("partition").GetInt32()}";
            if (!partitions.TryGetValue(partition, out List<string>? lines))
                partitions.Add(partition, lines = []);
            lines.Add(Line(record));
        }
        return partitions;
    }

    public static string Line(in RecordView record, TimestampType timestampType, int leaderEpoch)
    {
        StringBuilder line = Begin(record.Offset, record.TimestampMs, timestampType.ToString(), leaderEpoch);
        Append(line, record.KeyIsNull ? null : record.Key.ToArray());
        Append(line, record.ValueIsNull ? null : record.Value.ToArray());
        foreach (RecordHeaderView header in record.Headers)
        {
            line.Append(' ').Append(header.KeyText).Append(" =");
            Append(line, header.ValueIsNull ? null : header.Value.ToArray());
        }
        return line.ToString();
    }

    private static string Line(JsonElement record)
    {
        StringBuilder line = Begin(
            record.GetProperty("offset").GetInt64(),
            record.GetProperty("timestamp").GetInt64(),
            record.GetProperty("timestampType").GetString()!,
            record.GetProperty("leaderEpoch").GetInt32());
        Append(line, Bytes(record.GetProperty("key")));
        Append(line, Bytes(record.GetProperty("value")));
        foreach (JsonElement header in record.GetProperty("headers").EnumerateArray())
        {
            line.Append(' ').Append(header[0].GetString()).Append(" =");
            Append(line, Bytes(header[1]));
        }
        return line.ToString();
    }

    private static StringBuilder Begin(long offset, long timestampMs, string timestampType, int leaderEpoch) =>
        new StringBuilder().Append(CultureInfo.InvariantCulture, $"{offset} {timestampMs} {timestampType} epoch {leaderEpoch}");

    private static byte[]? Bytes(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.GetBytesFromBase64();

    private static void Append(StringBuilder line, byte[]? bytes) =>
        line.Append(' ').Append(bytes is null ? "null" : $"'{Convert.ToBase64String(bytes)}'");
}
