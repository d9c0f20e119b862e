using System.Collections.Frozen;
using System.Globalization;

namespace FastLog.Cluster.Configs;

/// <summary>The effective configuration of one topic: its own values over the broker's. Immutable.</summary>
public sealed class TopicConfig
{
    private readonly BrokerConfigValues _broker;
    private readonly FrozenDictionary<string, string> _overrides;

    /// <summary>Lays a topic's own values over the broker's; keys that nobody knows are left out.</summary>
    /// <param name="broker">The broker's values.</param>
    /// <param name="overrides">The topic's own values by key.</param>
    /// <exception cref="ConfigException">
    /// A value is of another type or not allowed; call <see cref="Validate(string, string?)"/> before storing one.
    /// </exception>
    public TopicConfig(BrokerConfigValues broker, IReadOnlyDictionary<string, string> overrides)
    {
        _broker = broker;
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in overrides)
        {
            if (TopicConfigDefinitions.TryGet(name, out ConfigDefinition? definition))
            {
                definition.Parse(value);
                known[name] = value;
            }
        }

        _overrides = known.ToFrozenDictionary(StringComparer.Ordinal);
        Settings = ReadSettings();
    }

    /// <summary>The typed values.</summary>
    public TopicSettings Settings { get; }

    /// <summary>Decides whether a topic may set a key to a value.</summary>
    /// <returns>Null when it may, otherwise the reason to send with INVALID_CONFIG.</returns>
    public static string? Validate(string name, string? value)
    {
        if (!TopicConfigDefinitions.TryGet(name, out ConfigDefinition? definition))
        {
            return $"Unknown topic config name: {Quoted.Plain(name)}";
        }

        if (value is null)
        {
            return $"Null value not supported for topic configs: {name}";
        }

        if (definition.WhyRefused(value) is { } reason)
        {
            return reason;
        }

        // Accepting it would promise copies in a remote store that are never made.
        return name == "remote.storage.enable" && definition.Parse(value) is true
            ? "Tiered storage is not available on this broker, so remote.storage.enable cannot be true"
            : null;
    }

    /// <summary>Decides whether a topic may have a set of own values, each alone and all of them together.</summary>
    /// <returns>Null when it may, otherwise the reason to send with INVALID_CONFIG.</returns>
    public static string? Validate(BrokerConfigValues broker, IReadOnlyDictionary<string, string?> overrides)
    {
        foreach ((string name, string? value) in overrides.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (Validate(name, value) is { } reason)
            {
                return reason;
            }
        }

        TopicSettings settings =
            new TopicConfig(broker, overrides.ToDictionary(pair => pair.Key, pair => pair.Value!)).Settings;
        return settings.CompactionLagMsMin > settings.CompactionLagMsMax
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"min.compaction.lag.ms ({settings.CompactionLagMsMin}) is greater than " +
                $"max.compaction.lag.ms ({settings.CompactionLagMsMax})")
            : null;
    }

    /// <summary>The effective value of a key, with the key and the place it comes from.</summary>
    /// <exception cref="InvalidOperationException">No topic configuration is named so.</exception>
    public ConfigSynonym Get(string name)
    {
        ConfigDefinition definition = TopicConfigDefinitions.Catalog[name];
        if (_overrides.TryGetValue(name, out string? own))
        {
            return new ConfigSynonym(name, definition.Normalize(own), ConfigSource.Topic);
        }

        ConfigSynonym fromBroker = definition.BrokerKey is { } brokerKey ? _broker.Resolve(brokerKey) : default;
        return fromBroker.Value is { } value
            ? fromBroker with { Value = definition.Normalize(BrokerDuration.InMs(fromBroker.Name, value)) }
            : new ConfigSynonym(name, definition.Default, ConfigSource.Default);
    }

    /// <summary>Every place that has a value for the key, the strongest first, as DescribeConfigs lists them.</summary>
    public IReadOnlyList<ConfigSynonym> SynonymsOf(string name)
    {
        string? brokerKey = TopicConfigDefinitions.Catalog[name].BrokerKey;
        IReadOnlyList<ConfigSynonym> fromBroker = brokerKey is null ? [] : _broker.SynonymsOf(brokerKey);
        return _overrides.ContainsKey(name) ? [Get(name), .. fromBroker] : fromBroker;
    }

    private TopicSettings ReadSettings() => new()
    {
        SegmentBytes = Int("segment.bytes"),
        SegmentMs = Long("segment.ms"),
        SegmentJitterMs = Long("segment.jitter.ms"),
        SegmentIndexBytes = Int("segment.index.bytes"),
        IndexIntervalBytes = Int("index.interval.bytes"),
        MessageBytesMax = Int("max.message.bytes"),
        FlushMessages = Long("flush.messages"),
        FlushMs = Long("flush.ms"),
        RetentionMs = Long("retention.ms"),
        RetentionBytes = Long("retention.bytes"),
        IsDeleted = List("cleanup.policy").Contains("delete"),
        IsCompacted = List("cleanup.policy").Contains("compact"),
        Compression = Enum.Parse<TopicCompression>(Text("compression.type"), ignoreCase: true),
        CompressionGzipLevel = Int("compression.gzip.level"),
        CompressionLz4Level = Int("compression.lz4.level"),
        CompressionZstdLevel = Int("compression.zstd.level"),
        IsLogAppendTime = Text("message.timestamp.type") == "LogAppendTime",
        MessageTimestampBeforeMsMax = Long("message.timestamp.before.max.ms"),
        MessageTimestampAfterMsMax = Long("message.timestamp.after.max.ms"),
        Preallocate = Flag("preallocate"),
        FileDeleteDelayMs = Long("file.delete.delay.ms"),
        DeleteRetentionMs = Long("delete.retention.ms"),
        CompactionLagMsMin = Long("min.compaction.lag.ms"),
        CompactionLagMsMax = Long("max.compaction.lag.ms"),
        CleanableDirtyRatioMin = (double)Read("min.cleanable.dirty.ratio"),
        InsyncReplicasMin = Int("min.insync.replicas"),
        IsUncleanLeaderElectionEnabled = Flag("unclean.leader.election.enable"),
    };

    private object Read(string name)
    {
        string value = Get(name).Value ?? throw new InvalidOperationException($"{name} has neither value nor default.");
        return TopicConfigDefinitions.Catalog[name].Parse(value);
    }

    private int Int(string name) => (int)(long)Read(name);

    private long Long(string name) => (long)Read(name);

    private bool Flag(string name) => (bool)Read(name);

    private string Text(string name) => (string)Read(name);

    private IReadOnlyList<string> List(string name) => (IReadOnlyList<string>)Read(name);
}
