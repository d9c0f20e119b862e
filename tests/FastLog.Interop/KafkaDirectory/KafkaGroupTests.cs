using System.Text.Json;
using FastLog.Interop.Harness;
using FastLog.KafkaData;

namespace FastLog.Interop.KafkaDirectory;

/// <summary>Groups and committed offsets that Kafka wrote are there when a server takes over its directory.</summary>
public sealed class KafkaGroupTests
{
    [Theory]
    [InlineData("clean", "expected-groups.json")]
    [InlineData("unclean", "expected-unclean-groups.json")]
    public async Task Groups_and_their_offsets_are_served_as_Kafka_served_them(string kind, string expectedName)
    {
        await using KafkaBroker broker = await KafkaBroker.StartAsync(kind);
        string[] expected = Expected(expectedName);
        // The second run finds what the first one left: its own clean stop.
        for (int run = 0; run < 2; run++)
        {
            JsonElement groups = await NodePackage.Platformatic.RunAsync("groups.js", broker.Process.Address);
            Assert.Equal(expected, Found(groups));
            Assert.Equal(0, await broker.Process.TerminateAsync());
            await broker.Process.RestartAsync();
        }
    }

    private static string[] Expected(string name)
    {
        using JsonDocument json = JsonDocument.Parse(KafkaDataDirectory.ReadText(name));
        return [.. json.RootElement.EnumerateArray()
            .Select(row => Line(row, row.GetProperty("group"), row.GetProperty("type"), row.GetProperty("topic"),
                row.GetProperty("partition"), row.GetProperty("offset"), row.GetProperty("leaderEpoch"), row.GetProperty("metadata")))
            .Order(StringComparer.Ordinal)];
    }

    private static string[] Found(JsonElement groups) =>
        [.. groups.EnumerateArray().SelectMany(LinesOf).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> LinesOf(JsonElement found) =>
        from JsonElement topic in found.GetProperty("topics").EnumerateArray()
        from JsonElement partition in topic.GetProperty("partitions").EnumerateArray()
        select Line(found, found.GetProperty("id"), found.GetProperty("groupType"), topic.GetProperty("name"),
            partition.GetProperty("partitionIndex"), partition.GetProperty("committedOffset"),
            partition.GetProperty("committedLeaderEpoch"), partition.GetProperty("metadata"));

    private static string Line(JsonElement row, params JsonElement[] fields) =>
        string.Join(' ', fields.Select(field => field.ToString().ToUpperInvariant()))
        + $" {row.GetProperty("state").GetString()!.ToUpperInvariant()} '{row.GetProperty("protocolType").GetString()}'";
}
