namespace FastLog.Cluster.Configs;

/// <summary>
/// What DescribeConfigs answers about topics and brokers. Asked for no names (null or an empty list) it tells all;
/// names that nobody knows are passed over, as in Kafka.
/// </summary>
public static class ConfigDescriber
{
    /// <summary>The configuration of a topic.</summary>
    public static IReadOnlyList<ConfigEntry> DescribeTopic(TopicConfig topic, IReadOnlyCollection<string>? names)
    {
        var entries = new List<ConfigEntry>();
        foreach (ConfigDefinition definition in TopicConfigDefinitions.All)
        {
            if (IsAsked(names, definition.Name))
            {
                string? value = topic.Get(definition.Name).Value;
                entries.Add(Entry(definition, value, isReadOnly: false, topic.SynonymsOf(definition.Name)));
            }
        }

        return entries;
    }

    /// <summary>The configuration of a broker; keys internal to Kafka only when they are set.</summary>
    public static IReadOnlyList<ConfigEntry> DescribeBroker(
        BrokerConfigValues values, IReadOnlyCollection<string>? names)
    {
        var entries = new List<ConfigEntry>();
        foreach (ConfigDefinition definition in BrokerConfigDefinitions.All)
        {
            bool isShown = definition.Importance != ConfigImportance.Internal || values.IsSet(definition.Name);
            if (isShown && IsAsked(names, definition.Name))
            {
                string? value = values.Get(definition.Name).Value is { } text ? definition.Normalize(text) : null;
                entries.Add(Entry(definition, value, IsReadOnly(definition), values.SynonymsOf(definition.Name)));
            }
        }

        return entries;
    }

    /// <summary>What is set at run time for all brokers: the broker resource with the empty name.</summary>
    public static IReadOnlyList<ConfigEntry> DescribeAllBrokers(
        BrokerConfigValues values, IReadOnlyCollection<string>? names)
    {
        var entries = new List<ConfigEntry>();
        foreach (string name in values.NamesSetForAllBrokers.Order(StringComparer.Ordinal))
        {
            if (IsAsked(names, name))
            {
                ConfigDefinition definition = BrokerConfigDefinitions.Catalog[name];
                ConfigSynonym[] synonyms =
                [
                    .. values.SynonymsOf(name).Where(place => place.Source == ConfigSource.DynamicDefaultBroker),
                ];
                string? value = definition.Normalize(synonyms[0].Value ?? "");
                entries.Add(Entry(definition, value, IsReadOnly(definition), synonyms));
            }
        }

        return entries;
    }

    /// <summary>The configuration of a group.</summary>
    /// <param name="values">The broker's values.</param>
    /// <param name="overrides">The group's own values.</param>
    /// <param name="names">What is asked for.</param>
    public static IReadOnlyList<ConfigEntry> DescribeGroup(
        BrokerConfigValues values, IReadOnlyDictionary<string, string> overrides, IReadOnlyCollection<string>? names) =>
        DescribeOwn(
            GroupConfig.Catalog,
            overrides,
            ConfigSource.Group,
            definition => definition.BrokerKey is { } brokerKey ? values.Get(brokerKey).Value : definition.Default,
            names);

    /// <summary>The configuration of a subscription to client metrics.</summary>
    /// <param name="overrides">The subscription's own values.</param>
    /// <param name="names">What is asked for.</param>
    public static IReadOnlyList<ConfigEntry> DescribeClientMetrics(
        IReadOnlyDictionary<string, string> overrides, IReadOnlyCollection<string>? names) =>
        DescribeOwn(
            ClientMetricsConfig.Catalog, overrides, ConfigSource.ClientMetrics, definition => definition.Default, names);

    private static List<ConfigEntry> DescribeOwn(
        ConfigCatalog catalog,
        IReadOnlyDictionary<string, string> overrides,
        ConfigSource source,
        Func<ConfigDefinition, string?> defaultOf,
        IReadOnlyCollection<string>? names)
    {
        var entries = new List<ConfigEntry>();
        foreach (ConfigDefinition definition in catalog.All.Where(definition => IsAsked(names, definition.Name)))
        {
            string name = definition.Name;
            List<ConfigSynonym> places = [new ConfigSynonym(name, defaultOf(definition), ConfigSource.Default)];
            if (overrides.TryGetValue(name, out string? own))
            {
                places.Insert(0, new ConfigSynonym(name, definition.Normalize(own), source));
            }

            entries.Add(Entry(definition, places[0].Value, isReadOnly: false, places));
        }

        return entries;
    }

    private static bool IsAsked(IReadOnlyCollection<string>? names, string name) =>
        names is null || names.Count == 0 || names.Contains(name);

    private static bool IsReadOnly(ConfigDefinition definition) => definition.UpdateMode == ConfigUpdateMode.ReadOnly;

    private static ConfigEntry Entry(
        ConfigDefinition definition, string? value, bool isReadOnly, IReadOnlyList<ConfigSynonym> synonyms)
    {
        bool isSensitive = definition.IsSensitive;
        return new ConfigEntry(
            definition.Name,
            isSensitive ? null : value,
            isReadOnly,
            synonyms.Count > 0 ? synonyms[0].Source : ConfigSource.Default,
            isSensitive,
            isSensitive ? [.. synonyms.Select(synonym => synonym with { Value = null })] : synonyms,
            definition.Type,
            definition.Documentation);
    }
}
