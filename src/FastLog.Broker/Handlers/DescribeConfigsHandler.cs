using System.Globalization;
using FastLog.Broker.Loggers;
using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>
/// DescribeConfigs: of topics, of this broker and its loggers, of what is set for all brokers (empty broker name), of groups
/// and of subscriptions to client metrics.
/// </summary>
internal sealed class DescribeConfigsHandler(IBrokerView broker, LiveBrokerConfig config, LoggerConfigs loggers)
    : RequestHandler<DescribeConfigsRequest, DescribeConfigsResponse>
{
    public override ApiKey ApiKey => ApiKey.DescribeConfigs;

    internal override ValueTask<DescribeConfigsResponse> HandleAsync(
        RequestContext context, DescribeConfigsRequest request)
    {
        var response = new DescribeConfigsResponse();
        foreach (var resource in request.Resources)
        {
            var result = response.Results.Add();
            result.ResourceType = resource.ResourceType;
            result.ResourceName = resource.ResourceName;
            switch ((ConfigResourceType)resource.ResourceType)
            {
                case ConfigResourceType.Topic:
                    DescribeTopic(result, resource, request);
                    break;
                case ConfigResourceType.Broker:
                    DescribeBroker(result, resource, request);
                    break;
                case ConfigResourceType.BrokerLogger:
                    DescribeLoggers(result, resource, request);
                    break;
                case ConfigResourceType.Group:
                    DescribeGroup(result, resource, request);
                    break;
                case ConfigResourceType.ClientMetrics:
                    DescribeClientMetrics(result, resource, request);
                    break;
                default:
                    Fail(result, ErrorCode.InvalidRequest, $"Unsupported resource type: {resource.ResourceType}");
                    break;
            }
        }

        return ValueTask.FromResult(response);
    }

    private void DescribeTopic(
        DescribeConfigsResponse.DescribeConfigsResult result,
        DescribeConfigsRequest.DescribeConfigsResource resource,
        DescribeConfigsRequest request)
    {
        if (TopicNames.Check(resource.ResourceName) is { } reason)
        {
            Fail(result, ErrorCode.InvalidTopicException, reason);
        }
        else if (broker.Image is var image && image.FindTopic(resource.ResourceName) is { } topic)
        {
            var topicConfig = config.TopicIn(image, topic.Overrides);
            Add(result, ConfigDescriber.DescribeTopic(topicConfig, NamesIn(resource)), request);
        }
        else
        {
            Fail(result, ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicOrPartition.Message());
        }
    }

    private void DescribeBroker(
        DescribeConfigsResponse.DescribeConfigsResult result,
        DescribeConfigsRequest.DescribeConfigsResource resource,
        DescribeConfigsRequest request)
    {
        if (resource.ResourceName.Length == 0)
        {
            Add(result, ConfigDescriber.DescribeAllBrokers(config.In(broker.Image).Values, NamesIn(resource)), request);
        }
        else if (!int.TryParse(resource.ResourceName, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || id != broker.NodeId)
        {
            Fail(result, ErrorCode.InvalidRequest,
                $"Unexpected broker id, expected {broker.NodeId} or empty string, but received {resource.ResourceName}");
        }
        else
        {
            Add(result, ConfigDescriber.DescribeBroker(config.In(broker.Image).Values, NamesIn(resource)), request);
        }
    }

    private void DescribeLoggers(
        DescribeConfigsResponse.DescribeConfigsResult result,
        DescribeConfigsRequest.DescribeConfigsResource resource,
        DescribeConfigsRequest request)
    {
        if (loggers.Check(resource.ResourceName) is var (error, message))
        {
            Fail(result, error, message);
        }
        else
        {
            Add(result, loggers.Describe(NamesIn(resource)), request);
        }
    }

    private void DescribeGroup(
        DescribeConfigsResponse.DescribeConfigsResult result,
        DescribeConfigsRequest.DescribeConfigsResource resource,
        DescribeConfigsRequest request)
    {
        if (resource.ResourceName.Length == 0)
        {
            Fail(result, ErrorCode.InvalidRequest, "Group name must not be empty");
            return;
        }

        var image = broker.Image;
        var overrides = image.FindConfigs(new ConfigResource(ConfigResourceType.Group, resource.ResourceName));
        Add(result, ConfigDescriber.DescribeGroup(config.In(image).Values, overrides, NamesIn(resource)), request);
    }

    private void DescribeClientMetrics(
        DescribeConfigsResponse.DescribeConfigsResult result,
        DescribeConfigsRequest.DescribeConfigsResource resource,
        DescribeConfigsRequest request)
    {
        if (resource.ResourceName.Length == 0)
        {
            Fail(result, ErrorCode.InvalidRequest, "Client metrics subscription name must not be empty");
            return;
        }

        var overrides = broker.Image.FindConfigs(new ConfigResource(ConfigResourceType.ClientMetrics, resource.ResourceName));
        Add(result, ConfigDescriber.DescribeClientMetrics(overrides, NamesIn(resource)), request);
    }

    private static List<string>? NamesIn(DescribeConfigsRequest.DescribeConfigsResource resource) =>
        resource.ConfigurationKeys is null ? null : [.. resource.ConfigurationKeys];

    private static void Add(
        DescribeConfigsResponse.DescribeConfigsResult result,
        IEnumerable<ConfigEntry> entries,
        DescribeConfigsRequest request)
    {
        foreach (var entry in entries)
        {
            var config = result.Configs.Add();
            config.Name = entry.Name;
            config.Value = entry.Value;
            config.ReadOnly = entry.IsReadOnly;
            config.ConfigSource = (sbyte)entry.Source;
            config.IsSensitive = entry.IsSensitive;
            config.ConfigType = (sbyte)entry.Type;
            config.Documentation = request.IncludeDocumentation ? entry.Documentation : null;
            if (request.IncludeSynonyms)
            {
                foreach (var synonym in entry.Synonyms)
                {
                    var described = config.Synonyms.Add();
                    described.Name = synonym.Name;
                    described.Value = synonym.Value;
                    described.Source = (sbyte)synonym.Source;
                }
            }
        }
    }

    private static void Fail(DescribeConfigsResponse.DescribeConfigsResult result, ErrorCode error, string message)
    {
        result.ErrorCode = error;
        result.ErrorMessage = message;
    }
}
