namespace FastLog.Cluster.Configs;

/// <summary>
/// The configuration in force: a function of what the broker was given at start and of what the metadata says, so that
/// whoever has an image has the configuration that goes with it. Thread-safe; the last answer is remembered.
/// </summary>
/// <param name="atStart">The configuration given at start.</param>
public sealed class LiveBrokerConfig(BrokerConfig atStart)
{
    private Remembered _last = new(TopicImage.NoOverrides, TopicImage.NoOverrides, atStart);

    /// <summary>What a broker with nothing but defaults has.</summary>
    public static LiveBrokerConfig Defaults { get; } = new(BrokerConfig.Parse(ServerProperties.Empty, "localhost").Config);

    /// <summary>The configuration given at start.</summary>
    public BrokerConfig AtStart => atStart;

    /// <summary>The resource of what is set for all brokers.</summary>
    public static ConfigResource AllBrokers { get; } = new(ConfigResourceType.Broker, "");

    /// <summary>The resource of what is set for this broker.</summary>
    public ConfigResource ThisBroker { get; } = new(
        ConfigResourceType.Broker, atStart.NodeId.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>
    /// The broker's configuration. Values in the metadata that cannot be used, which this broker would not have stored,
    /// are left out: see <see cref="FaultsIn"/>.
    /// </summary>
    public BrokerConfig In(MetadataImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var forAll = image.FindConfigs(AllBrokers);
        var forThis = image.FindConfigs(ThisBroker);
        var last = Volatile.Read(ref _last);
        if (!ReferenceEquals(last.ForAll, forAll) || !ReferenceEquals(last.ForThis, forThis))
        {
            last = new Remembered(forAll, forThis, Build(forAll, forThis));
            Volatile.Write(ref _last, last);
        }

        return last.Config;
    }

    /// <summary>The effective configuration of a topic with these own values.</summary>
    public TopicConfig TopicIn(MetadataImage image, IReadOnlyDictionary<string, string> overrides) =>
        new(In(image).Values, overrides);

    /// <summary>The typed configuration of a topic with these own values.</summary>
    public TopicSettings TopicSettingsIn(MetadataImage image, IReadOnlyDictionary<string, string> overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        return overrides.Count == 0 ? In(image).TopicDefaults : TopicIn(image, overrides).Settings;
    }

    /// <summary>What a consumer group is told.</summary>
    public GroupSettings GroupSettingsIn(MetadataImage image, string groupId)
    {
        ArgumentNullException.ThrowIfNull(image);
        var own = image.FindConfigs(new ConfigResource(ConfigResourceType.Group, groupId));
        // Every heartbeat asks, and few groups have values of their own.
        return own.Count == 0 ? In(image).GroupDefaults : GroupConfig.SettingsOf(In(image).Values, own);
    }

    /// <summary>Why values in the metadata are left out, one line each.</summary>
    public IReadOnlyList<string> FaultsIn(MetadataImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var forAll = image.FindConfigs(AllBrokers);
        var forThis = image.FindConfigs(ThisBroker);
        List<string> faults =
        [
            .. forAll.Concat(forThis).Select(pair => DynamicBrokerRules.Check(pair.Key, pair.Value, isForAll: false)?.Message).OfType<string>(),
        ];
        try
        {
            atStart.WithDynamic(DynamicBrokerRules.Usable(forAll), DynamicBrokerRules.Usable(forThis));
        }
        catch (ConfigException exception)
        {
            faults.Add(exception.Message);
        }

        return faults;
    }

    private BrokerConfig Build(
        IReadOnlyDictionary<string, string> forAll, IReadOnlyDictionary<string, string> forThis)
    {
        try
        {
            return atStart.WithDynamic(DynamicBrokerRules.Usable(forAll), DynamicBrokerRules.Usable(forThis));
        }
        catch (ConfigException)
        {
            return atStart;
        }
    }

    private sealed record Remembered(
        IReadOnlyDictionary<string, string> ForAll, IReadOnlyDictionary<string, string> ForThis, BrokerConfig Config);
}
