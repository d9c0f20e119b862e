using System.Text.Json;
using FastLog.Client;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands.Output;

public class TopicOutputTests
{
    private static readonly TopicMetadata Topic = new(
        "orders", Guid.Empty, false, [new(0, 1, 3, [1], [1], []), new(1, -1, 4, [1], [], [1])]);

    private static readonly TopicDescription Description = new(
        Topic,
        [(5, 120), null],
        [new("retention.ms", "60000", ConfigSource.DynamicTopic, false, false)]);

    [Fact]
    public void Topics_are_listed_for_people()
    {
        var shown = new StringWriter();
        TopicOutput.List([Topic], isJson: false, shown);
        Assert.Equal(
            $"TOPIC   PARTITIONS  REPLICAS  ID{shown.NewLine}orders           2         1  AAAAAAAAAAAAAAAAAAAAAA{shown.NewLine}",
            shown.ToString());
    }

    [Fact]
    public void A_partition_without_a_leader_has_no_offsets()
    {
        var shown = new StringWriter();
        TopicOutput.Describe([Description], isJson: false, shown);
        Assert.Contains("retention.ms=60000", shown.ToString(), StringComparison.Ordinal);
        Assert.Contains("        1    none      4  1         -        -    -", shown.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Programs_read_one_document()
    {
        var shown = new StringWriter();
        TopicOutput.Describe([Description], isJson: true, shown);

        using var document = JsonDocument.Parse(shown.ToString());
        var topic = document.RootElement[0];
        Assert.Equal("orders", topic.GetProperty("name").GetString());
        Assert.Equal(1, topic.GetProperty("replicationFactor").GetInt32());
        Assert.Equal("60000", topic.GetProperty("configs").GetProperty("retention.ms").GetString());
        var partitions = topic.GetProperty("partitions");
        Assert.Equal(120, partitions[0].GetProperty("endOffset").GetInt64());
        Assert.Equal(-1, partitions[1].GetProperty("leader").GetInt32());
        Assert.Equal(JsonValueKind.Null, partitions[1].GetProperty("startOffset").ValueKind);
    }
}
