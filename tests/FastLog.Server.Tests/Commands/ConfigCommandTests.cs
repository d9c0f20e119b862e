using System.CommandLine;
using System.Text.Json;
using FastLog.Client;
using FastLog.Server.Commands;

namespace FastLog.Server.Tests.Commands;

public class ConfigCommandTests
{
    private static readonly ConfigEntry[] Entries =
    [
        new("message.max.bytes", "2000", ConfigSource.DynamicDefaultBroker, IsReadOnly: false, IsSensitive: false),
        new("node.id", "1", ConfigSource.StaticBroker, IsReadOnly: true, IsSensitive: false),
        new("ssl.key.password", null, ConfigSource.DynamicBroker, IsReadOnly: false, IsSensitive: true),
    ];

    [Theory]
    [InlineData("describe --topic t", ConfigResourceType.Topic, "t")]
    [InlineData("describe --broker 1 --all --json", ConfigResourceType.Broker, "1")]
    [InlineData("describe --brokers -b h:1", ConfigResourceType.Broker, "")]
    [InlineData("describe --loggers 0", ConfigResourceType.BrokerLogger, "0")]
    [InlineData("set a=1 b=2 --group g --dry-run", ConfigResourceType.Group, "g")]
    [InlineData("delete a b --client-metrics m", ConfigResourceType.ClientMetrics, "m")]
    public void One_resource_is_named(string line, ConfigResourceType type, string name)
    {
        var target = new ConfigTarget();
        var command = new Command("any");
        target.AddTo(command);
        var parsed = new RootCommand("test") { ConfigCommand.Create() }.Parse("config " + line);
        var options = line[line.IndexOf("--", StringComparison.Ordinal)..].Split(' ')[..(name.Length > 0 ? 2 : 1)];

        Assert.Empty(parsed.Errors);
        Assert.Equal((type, name), target.From(new RootCommand("test") { command }.Parse(["any", .. options])));
    }

    [Theory]
    [InlineData("describe")]
    [InlineData("describe --topic t --broker 1")]
    [InlineData("describe --broker one")]
    [InlineData("set --topic t")]
    [InlineData("set a=1")]
    [InlineData("delete --brokers")]
    public void What_makes_no_sense_is_an_error(string line) =>
        Assert.NotEmpty(new RootCommand("test") { ConfigCommand.Create() }.Parse("config " + line).Errors);

    [Fact]
    public void People_see_a_table_without_secrets()
    {
        using var text = new StringWriter();
        ConfigOutput.Describe(ConfigResourceType.Broker, "1", Entries, isJson: false, text);

        Assert.Equal(
            """
            Configs of broker 1
            NAME               VALUE     SOURCE       FLAGS
            message.max.bytes  2000      all brokers  -
            node.id            1         file         read-only
            ssl.key.password   (hidden)  broker       sensitive

            """,
            text.ToString());
    }

    [Fact]
    public void Programs_see_one_document()
    {
        using var text = new StringWriter();
        ConfigOutput.Describe(ConfigResourceType.Broker, "1", Entries, isJson: true, text);

        var root = JsonDocument.Parse(text.ToString()).RootElement;
        Assert.Equal(("broker", "1"), (root.GetProperty("type").GetString(), root.GetProperty("name").GetString()));
        var secret = root.GetProperty("configs")[2];
        Assert.Equal(JsonValueKind.Null, secret.GetProperty("value").ValueKind);
        Assert.True(secret.GetProperty("isSensitive").GetBoolean());
        Assert.Equal("dynamicDefaultBroker", root.GetProperty("configs")[0].GetProperty("source").GetString());
    }

    [Theory]
    [InlineData(ConfigResourceType.Topic, ConfigSource.DynamicTopic, true)]
    [InlineData(ConfigResourceType.Topic, ConfigSource.DynamicBroker, false)]
    [InlineData(ConfigResourceType.Topic, ConfigSource.StaticBroker, false)]
    [InlineData(ConfigResourceType.Broker, ConfigSource.StaticBroker, true)]
    [InlineData(ConfigResourceType.Broker, ConfigSource.Default, false)]
    [InlineData(ConfigResourceType.Group, ConfigSource.Group, true)]
    public void Only_what_is_set_for_the_resource_itself_is_its_own(ConfigResourceType type, ConfigSource source, bool isOwn) =>
        Assert.Equal(isOwn, ConfigOutput.IsOwn(type, new ConfigEntry("x", "1", source, false, false)));

    [Fact]
    public void Changes_are_told_one_by_one()
    {
        using var text = new StringWriter();
        ConfigOutput.Changed(
            ConfigResourceType.Broker,
            "",
            [
                new("a", ConfigChangeKind.Set, "1"),
                new("b", ConfigChangeKind.Delete, null),
                new("ssl.key.password", ConfigChangeKind.Set, "secret"),
            ],
            isDryRun: true,
            text);

        Assert.Equal(
            ["could set a=1 of all brokers", "could delete b of all brokers", "could set ssl.key.password=(hidden) of all brokers"],
            text.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
