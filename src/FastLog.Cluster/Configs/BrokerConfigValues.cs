using System.Collections.Frozen;

namespace FastLog.Cluster.Configs;

/// <summary>
/// The values of a broker's keys as text, in layers: set at run time for this broker, set at run time for all
/// brokers, given at start, default. Immutable; every value in it has passed its key's own validator.
/// </summary>
public sealed class BrokerConfigValues
{
    private static readonly FrozenDictionary<string, string> None = FrozenDictionary<string, string>.Empty;

    // Keys that say the same in other units: the strongest first, as in Kafka.
    private static readonly FrozenDictionary<string, string[]> Synonyms = new[]
    {
        new[] { "log.roll.ms", "log.roll.hours" },
        ["log.roll.jitter.ms", "log.roll.jitter.hours"],
        ["log.flush.interval.ms", "log.flush.scheduler.interval.ms"],
        ["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
    }.ToFrozenDictionary(names => names[0]);

    private readonly (ConfigSource Source, IReadOnlyDictionary<string, string> Values)[] _layers;

    private BrokerConfigValues(
        IReadOnlyDictionary<string, string> dynamicBroker,
        IReadOnlyDictionary<string, string> dynamicDefault,
        IReadOnlyDictionary<string, string> fixedAtStart) =>
        _layers =
        [
            (ConfigSource.DynamicBroker, dynamicBroker),
            (ConfigSource.DynamicDefaultBroker, dynamicDefault),
            (ConfigSource.Static, fixedAtStart),
        ];

    /// <summary>Nothing but defaults.</summary>
    public static BrokerConfigValues Defaults { get; } = new(None, None, None);

    /// <summary>
    /// The values given at start; keys that nobody knows are left out. Older names count for newer ones:
    /// <c>broker.id</c> for <c>node.id</c> (and the other way round), <c>log.dir</c> for <c>log.dirs</c>.
    /// </summary>
    /// <exception cref="ConfigException">A value is of another type, or not allowed.</exception>
    public static BrokerConfigValues FromStatic(IReadOnlyDictionary<string, string> values)
    {
        var named = new Dictionary<string, string>(values, StringComparer.Ordinal);
        CopyIfAbsent(named, "log.dir", "log.dirs");
        if (!named.TryGetValue("broker.id", out string? brokerId) || brokerId.Trim() != "-1")
        {
            CopyIfAbsent(named, "broker.id", "node.id");
            CopyIfAbsent(named, "node.id", "broker.id");
        }

        return new BrokerConfigValues(None, None, Checked(named));
    }

    /// <summary>The same values given at start, with other values set at run time.</summary>
    /// <param name="forAllBrokers">Values of the resource with the empty name.</param>
    /// <param name="forThisBroker">Values of the resource with this broker's id.</param>
    /// <exception cref="ConfigException">A value is of another type, or not allowed.</exception>
    public BrokerConfigValues WithDynamic(
        IReadOnlyDictionary<string, string> forAllBrokers, IReadOnlyDictionary<string, string> forThisBroker) =>
        new(Checked(forThisBroker), Checked(forAllBrokers), _layers[^1].Values);

    /// <summary>The keys that are set at run time for all brokers.</summary>
    public IEnumerable<string> NamesSetForAllBrokers => _layers[1].Values.Keys;

    /// <summary>True when somebody set this very key, in the file or at run time.</summary>
    public bool IsSet(string name) => _layers.Any(layer => layer.Values.ContainsKey(name));

    /// <summary>The value of this very key, synonyms left aside; null when it is not set and has no default.</summary>
    public ConfigSynonym Get(string name)
    {
        foreach ((ConfigSource source, IReadOnlyDictionary<string, string> values) in _layers)
        {
            if (values.TryGetValue(name, out string? value))
            {
                return new ConfigSynonym(name, value, source);
            }
        }

        return new ConfigSynonym(name, BrokerConfigDefinitions.Catalog[name].Default, ConfigSource.Default);
    }

    /// <summary>
    /// The value that counts among a key and its synonyms: a set one before any default, and the stronger key first.
    /// </summary>
    public ConfigSynonym Resolve(string name)
    {
        ReadOnlySpan<string> names = NamesOf(name);
        foreach (string synonym in names)
        {
            if (IsSet(synonym))
            {
                return Get(synonym);
            }
        }

        foreach (string synonym in names)
        {
            if (BrokerConfigDefinitions.Catalog[synonym].Default is { } value)
            {
                return new ConfigSynonym(synonym, value, ConfigSource.Default);
            }
        }

        return new ConfigSynonym(name, null, ConfigSource.Default);
    }

    /// <summary>
    /// Every place that has a value for the key, the strongest first, as DescribeConfigs lists them. Kafka leaves
    /// out what stands before the first place with the key's own name, so an age given only in hours is not listed
    /// for the key in milliseconds; so do we.
    /// </summary>
    public IReadOnlyList<ConfigSynonym> SynonymsOf(string name)
    {
        var places = new List<ConfigSynonym>();
        string[] names = NamesOf(name);
        foreach ((ConfigSource source, IReadOnlyDictionary<string, string> values) in _layers)
        {
            places.AddRange(
                from synonym in names
                where values.ContainsKey(synonym)
                select new ConfigSynonym(synonym, values[synonym], source));
        }

        places.AddRange(
            from synonym in names
            let value = BrokerConfigDefinitions.Catalog[synonym].Default
            where value is not null
            select new ConfigSynonym(synonym, value, ConfigSource.Default));
        places.RemoveRange(0, Math.Max(0, places.FindIndex(place => place.Name == name)));
        return places.Count > 0 && places[0].Name == name ? places : [];
    }

    private static string[] NamesOf(string name) => Synonyms.TryGetValue(name, out string[]? names) ? names : [name];

    private static void CopyIfAbsent(Dictionary<string, string> values, string from, string to)
    {
        if (values.TryGetValue(from, out string? value))
        {
            values.TryAdd(to, value);
        }
    }

    private static FrozenDictionary<string, string> Checked(IReadOnlyDictionary<string, string> values)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in values)
        {
            if (BrokerConfigDefinitions.TryGet(name, out ConfigDefinition? definition))
            {
                definition.Parse(value);
                known[name] = value;
            }
        }

        return known.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
