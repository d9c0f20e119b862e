using System.Globalization;
using FastLog.Cluster.Configs;
using FastLog.Protocol;

namespace FastLog.Cluster;

/// <summary>What one resource may be called and how it may be configured.</summary>
internal sealed class ConfigResourceRules(LiveBrokerConfig config, MetadataImage image, ConfigResource resource)
{
    /// <summary>What is set on the resource now.</summary>
    public IReadOnlyDictionary<string, string> Current => resource.Type == ConfigResourceType.Topic
        ? image.FindTopic(resource.Name)?.Overrides ?? TopicImage.NoOverrides
        : image.FindConfigs(resource);

    /// <summary>The keys that it can have.</summary>
    public ConfigCatalog Catalog => resource.Type switch
    {
        ConfigResourceType.Topic => TopicConfigDefinitions.Catalog,
        ConfigResourceType.Broker => BrokerConfigDefinitions.Catalog,
        ConfigResourceType.Group => GroupConfig.Catalog,
        _ => ClientMetricsConfig.Catalog,
    };

    /// <summary>Null when there may be such a resource.</summary>
    public Refusal? CheckName() => resource.Type switch
    {
        ConfigResourceType.Topic => CheckTopicName(),
        ConfigResourceType.Broker => CheckBrokerName(),
        ConfigResourceType.Group => NotEmpty("Default group resources are not allowed."),
        ConfigResourceType.ClientMetrics => NotEmpty("Subscription name can't be empty"),
        _ => Invalid($"Unknown resource type {(sbyte)resource.Type}"),
    };

    /// <summary>Null when it may have these values and no others. A topic has to exist by then.</summary>
    public Refusal? CheckValues(IReadOnlyDictionary<string, string> values)
    {
        if (resource.Type == ConfigResourceType.Broker)
        {
            return CheckBroker(values);
        }
        var reason = resource.Type switch
        {
            ConfigResourceType.Topic => TopicConfig.Validate(
                config.In(image).Values, values.ToDictionary(pair => pair.Key, pair => (string?)pair.Value, StringComparer.Ordinal)),
            ConfigResourceType.Group => GroupConfig.Validate(config.In(image).Values, values),
            _ => ClientMetricsConfig.Validate(values),
        };
        if (reason is not null)
        {
            return new Refusal(ErrorCode.InvalidConfig, reason);
        }
        return resource.Type == ConfigResourceType.Topic && image.FindTopic(resource.Name) is null
            ? new Refusal(ErrorCode.UnknownTopicOrPartition, $"The topic '{resource.Name}' does not exist.")
            : null;
    }

    private Refusal? CheckTopicName() =>
        NotEmpty("Default topic resources are not allowed.")
        ?? (TopicNames.Check(resource.Name) is { } fault ? new Refusal(ErrorCode.InvalidTopicException, fault) : null);

    private Refusal? CheckBrokerName()
    {
        if (resource == LiveBrokerConfig.AllBrokers || resource == config.ThisBroker)
        {
            return null;
        }
        return int.TryParse(resource.Name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? Invalid($"Unexpected broker id, expected {config.ThisBroker.Name}, but received {resource.Name}")
            : Invalid($"Node id must be an integer, but it is: {resource.Name}");
    }

    private Refusal? CheckBroker(IReadOnlyDictionary<string, string> values)
    {
        var isForAll = resource == LiveBrokerConfig.AllBrokers;
        // What is stored unchanged may come from a version that allowed it; it must not keep all else from being changed.
        foreach (var (name, value) in values.Where(pair => Current.GetValueOrDefault(pair.Key) != pair.Value))
        {
            if (DynamicBrokerRules.Check(name, value, isForAll) is { } refusal)
            {
                return refusal;
            }
        }
        try
        {
            var others = DynamicBrokerRules.Usable(
                image.FindConfigs(isForAll ? config.ThisBroker : LiveBrokerConfig.AllBrokers));
            var after = isForAll ? config.AtStart.WithDynamic(values, others) : config.AtStart.WithDynamic(others, values);
            return DynamicBrokerRules.CheckSteps(config.In(image).Values, after.Values);
        }
        catch (ConfigException exception)
        {
            return new Refusal(ErrorCode.InvalidConfig, exception.Message);
        }
    }

    private Refusal? NotEmpty(string otherwise) => resource.Name.Length == 0 ? Invalid(otherwise) : null;

    private static Refusal Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
