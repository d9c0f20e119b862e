using System.Globalization;
using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>DescribeConfigs: of topics, of this broker, and of what is set for all brokers (empty broker name).</summary>
internal sealed class DescribeConfigsHandler(IBrokerView broker, BrokerConfig config)
    : RequestHandler<DescribeConfigsRequest, DescribeConfigsResponse>
{
    private const sbyte TopicResource = 2;
    private const sbyte BrokerResource = 4;

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
            switch (resource.ResourceType)
            {
                case TopicResource:
                    DescribeTopic(result, resource, request);
                    break;
                case BrokerResource:
                    DescribeBroker(result, resource, request);
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
        else if (broker.Image.FindTopic(resource.ResourceName) is { } topic)
        {
            var topicConfig = new TopicConfig(config.Values, topic.Overrides);
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
            Add(result, ConfigDescriber.DescribeAllBrokers(config.Values, NamesIn(resource)), request);
        }
        else if (!int.TryParse(resource.ResourceName, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || id != broker.NodeId)
        {
            Fail(result, ErrorCode.InvalidRequest,
                $"Unexpected broker id, expected {broker.NodeId} or empty string, but received {resource.ResourceName}");
        }
        else
        {
            Add(result, ConfigDescriber.DescribeBroker(config.Values, NamesIn(resource)), request);
        }
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
