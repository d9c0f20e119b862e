using System.Globalization;
using FastLog.Cluster.Configs.Catalogue;

namespace FastLog.Cluster.Configs;

/// <summary>The configuration of groups: own values over the broker's, bounded by the broker's group.* keys.</summary>
public static class GroupConfig
{
    private static readonly (string Name, string Bounds)[] Bounded =
    [
        ("consumer.session.timeout.ms", "group.consumer.{0}.session.timeout.ms"),
        ("consumer.heartbeat.interval.ms", "group.consumer.{0}.heartbeat.interval.ms"),
        ("share.session.timeout.ms", "group.share.{0}.session.timeout.ms"),
        ("share.heartbeat.interval.ms", "group.share.{0}.heartbeat.interval.ms"),
        ("share.record.lock.duration.ms", "group.share.{0}.record.lock.duration.ms"),
    ];

    /// <summary>Every key that a group can have, with Kafka's names and defaults.</summary>
    public static ConfigCatalog Catalog { get; } = new(GroupLevelKeys.All);

    /// <summary>Decides whether a group may have a set of own values.</summary>
    /// <returns>Null when it may, otherwise the reason to send with INVALID_CONFIG.</returns>
    public static string? Validate(BrokerConfigValues broker, IReadOnlyDictionary<string, string> overrides)
    {
        foreach ((string name, string value) in overrides.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!Catalog.TryGet(name, out ConfigDefinition? definition))
            {
                return $"Unknown group config name: {Quoted.Plain(name)}";
            }

            if (definition.WhyRefused(value) is { } reason)
            {
                return reason;
            }
        }

        foreach ((string name, string bounds) in Bounded)
        {
            if (overrides.ContainsKey(name) && WhyOutOfBounds(broker, overrides, name, bounds) is { } reason)
            {
                return reason;
            }
        }

        return WhyTooSlow(broker, overrides, "consumer") ?? WhyTooSlow(broker, overrides, "share");
    }

    /// <summary>What a group is told. A stored value that the broker's bounds no longer allow counts as the nearest one.</summary>
    public static GroupSettings SettingsOf(BrokerConfigValues broker, IReadOnlyDictionary<string, string> overrides) =>
        new(
            (int)Clamped(broker, overrides, Bounded[0].Name, Bounded[0].Bounds),
            (int)Clamped(broker, overrides, Bounded[1].Name, Bounded[1].Bounds));

    private static long Clamped(
        BrokerConfigValues broker, IReadOnlyDictionary<string, string> overrides, string name, string bounds) =>
        Math.Clamp(
            Number(broker, overrides, name), BrokerNumber(broker, bounds, "min"), BrokerNumber(broker, bounds, "max"));

    // Who beats less often than his session lasts is removed between two heartbeats.
    private static string? WhyTooSlow(
        BrokerConfigValues broker, IReadOnlyDictionary<string, string> overrides, string kind)
    {
        string session = $"{kind}.session.timeout.ms";
        string heartbeat = $"{kind}.heartbeat.interval.ms";
        return (overrides.ContainsKey(session) || overrides.ContainsKey(heartbeat))
            && Number(broker, overrides, session) <= Number(broker, overrides, heartbeat)
            ? $"{session} must be greater than {heartbeat}"
            : null;
    }

    private static string? WhyOutOfBounds(
        BrokerConfigValues broker, IReadOnlyDictionary<string, string> overrides, string name, string bounds)
    {
        long number = Number(broker, overrides, name);
        return number < BrokerNumber(broker, bounds, "min")
                ? $"{name} must be greater than or equal to {NameOf(bounds, "min")}"
            : number > BrokerNumber(broker, bounds, "max")
                ? $"{name} must be less than or equal to {NameOf(bounds, "max")}"
            : null;
    }

    private static long Number(
        BrokerConfigValues broker, IReadOnlyDictionary<string, string> overrides, string name)
    {
        ConfigDefinition definition = Catalog[name];
        return overrides.TryGetValue(name, out string? own) && definition.TryParse(own, out object parsed, out _)
            ? (long)parsed
            : (long)definition.Parse(broker.Get(definition.BrokerKey!).Value!);
    }

    private static long BrokerNumber(BrokerConfigValues broker, string bounds, string end)
    {
        string name = NameOf(bounds, end);
        return (long)BrokerConfigDefinitions.Catalog[name].Parse(broker.Get(name).Value!);
    }

    private static string NameOf(string bounds, string end) =>
        string.Format(CultureInfo.InvariantCulture, bounds, end);
}
