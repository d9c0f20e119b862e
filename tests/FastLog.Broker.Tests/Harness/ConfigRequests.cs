using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Harness;

/// <summary>Requests about configurations, in short.</summary>
internal static class ConfigRequests
{
    /// <summary>Sets keys, or deletes those without a value.</summary>
    public static IncrementalAlterConfigsResponse.AlterConfigsResourceResponse Configure(
        this TestClient client, sbyte type, string name, params (string Key, string? Value)[] values) =>
        Assert.Single(client.Send(Changing(type, name, values), 1).Responses);

    public static IncrementalAlterConfigsRequest Changing(sbyte type, string name, params (string Key, string? Value)[] values)
    {
        var request = new IncrementalAlterConfigsRequest();
        var resource = request.Resources.Add();
        (resource.ResourceType, resource.ResourceName) = (type, name);
        foreach (var (key, value) in values)
        {
            var config = resource.Configs.Add();
            (config.Name, config.Value, config.ConfigOperation) = (key, value, (sbyte)(value is null ? 1 : 0));
        }

        return request;
    }

    /// <summary>Everything that DescribeConfigs tells of a resource.</summary>
    public static DescribeConfigsResponse.DescribeConfigsResult Describe(this TestClient client, sbyte type, string name)
    {
        var request = new DescribeConfigsRequest { IncludeSynonyms = true };
        var resource = request.Resources.Add();
        (resource.ResourceType, resource.ResourceName, resource.ConfigurationKeys) = (type, name, null);
        return Assert.Single(client.Send(request, 4).Results);
    }

    /// <summary>A key's value and source.</summary>
    public static (string? Value, int Source) Value(this TestClient client, sbyte type, string name, string key)
    {
        var config = client.Describe(type, name).Configs.Single(config => config.Name == key);
        return (config.Value, config.ConfigSource);
    }
}
