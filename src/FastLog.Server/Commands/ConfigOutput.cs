using FastLog.Client;
using FastLog.Server.Commands.Output;
using BrokerConfigDefinitions = FastLog.Cluster.Configs.BrokerConfigDefinitions;

namespace FastLog.Server.Commands;

/// <summary>Prints configs: a table for people, JSON for programs.</summary>
internal static class ConfigOutput
{
    private const string Hidden = "(hidden)";

    /// <summary>Whether somebody set a config for the very resource; a broker's own are those of its file too.</summary>
    public static bool IsOwn(ConfigResourceType type, ConfigEntry config) => type == ConfigResourceType.Broker
        ? config.Source != ConfigSource.Default
        : config.Source is ConfigSource.DynamicTopic or ConfigSource.DynamicBrokerLogger
            or ConfigSource.ClientMetrics or ConfigSource.Group;

    public static void Describe(
        ConfigResourceType type, string name, IReadOnlyList<ConfigEntry> configs, bool isJson, TextWriter? writer = null) =>
        CommandOutput.Write(
            new DescribedDocument(
                type,
                name,
                [
                    .. configs.Select(config => new ConfigDocument(
                        config.Name, config.Value, config.Source, config.IsReadOnly, config.IsSensitive)),
                ]),
            isJson,
            static (described, to) =>
            {
                to.WriteLine($"Configs of {Subject(described.Type, described.Name)}");
                var table = new TextTable().Text("NAME").Text("VALUE").Text("SOURCE").Text("FLAGS");
                foreach (var config in described.Configs)
                {
                    table.Row(
                        config.Name, config.IsSensitive ? Hidden : config.Value, NameOf(config.Source), FlagsOf(config));
                }

                table.WriteTo(to);
            },
            writer);

    public static void Changed(
        ConfigResourceType type, string name, IReadOnlyList<ConfigChange> changes, bool isDryRun, TextWriter? writer = null)
    {
        writer ??= Console.Out;
        var verb = isDryRun ? "could " : "";
        foreach (var change in changes)
        {
            writer.WriteLine(change.Kind == ConfigChangeKind.Delete
                ? $"{verb}delete {change.Name} of {Subject(type, name)}"
                : $"{verb}set {change.Name}={ShownValue(change)} of {Subject(type, name)}");
        }
    }

    // What is printed ends in logs of scripts, where a secret has no place.
    private static string ShownValue(ConfigChange change) =>
        BrokerConfigDefinitions.Catalog.TryGet(change.Name, out var definition) && definition.IsSensitive
            ? Hidden
            : ShownText.Of(change.Value ?? "");

    private static string Subject(ConfigResourceType type, string name) => type switch
    {
        ConfigResourceType.Broker when name.Length == 0 => "all brokers",
        ConfigResourceType.Broker => $"broker {name}",
        ConfigResourceType.BrokerLogger => $"the loggers of broker {name}",
        ConfigResourceType.ClientMetrics => $"client metrics {ShownText.Of(name)}",
        ConfigResourceType.Group => $"group {ShownText.Of(name)}",
        _ => $"topic {ShownText.Of(name)}",
    };

    private static string NameOf(ConfigSource source) => source switch
    {
        ConfigSource.DynamicTopic => "topic",
        ConfigSource.DynamicBroker => "broker",
        ConfigSource.DynamicDefaultBroker => "all brokers",
        ConfigSource.StaticBroker => "file",
        ConfigSource.Default => "default",
        ConfigSource.DynamicBrokerLogger => "logger",
        ConfigSource.ClientMetrics => "client metrics",
        ConfigSource.Group => "group",
        _ => "unknown",
    };

    private static string FlagsOf(ConfigDocument config) =>
        string.Join(' ', new[] { config.IsReadOnly ? "read-only" : "", config.IsSensitive ? "sensitive" : "" }
            .Where(flag => flag.Length > 0));

    private sealed record DescribedDocument(ConfigResourceType Type, string Name, IReadOnlyList<ConfigDocument> Configs);

    private sealed record ConfigDocument(string Name, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive);
}
