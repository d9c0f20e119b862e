using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <content>Configs.</content>
public sealed partial class AdminClient
{
    /// <summary>All configs of a topic, a broker or another resource, sorted by name.</summary>
    /// <exception cref="KafkaException">UnknownTopicOrPartition, InvalidRequest, ...</exception>
    public async Task<IReadOnlyList<ConfigEntry>> DescribeConfigsAsync(
        ConfigResourceType type, string name, CancellationToken cancellationToken = default)
    {
        DescribeConfigsRequest request = new();
        DescribeConfigsRequest.DescribeConfigsResource resource = request.Resources.Add();
        resource.ResourceType = (sbyte)type;
        resource.ResourceName = name;
        resource.ConfigurationKeys = null;
        DescribeConfigsResponse response = await RetryAsync(
            async () =>
            {
                BrokerConnection connection = await ConfigHolderAsync(type, name, cancellationToken).ConfigureAwait(false);
                DescribeConfigsResponse answer =
                    await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                DescribeConfigsResponse.DescribeConfigsResult result = answer.Results[0];
                return result.ErrorCode == ErrorCode.None
                    ? answer
                    : throw KafkaException.For(result.ErrorCode, $"{type} {name}", result.ErrorMessage);
            },
            cancellationToken).ConfigureAwait(false);
        return [.. response.Results[0].Configs
            .Select(config => new ConfigEntry(
                config.Name, config.Value, (ConfigSource)config.ConfigSource, config.ReadOnly, config.IsSensitive))
            .OrderBy(config => config.Name, StringComparer.Ordinal)];
    }

    /// <summary>Only a broker itself knows what it was started with; of topics every broker knows all.</summary>
    private async ValueTask<BrokerConnection> ConfigHolderAsync(
        ConfigResourceType type, string name, CancellationToken cancellationToken)
    {
        bool isBrokers = type is ConfigResourceType.Broker or ConfigResourceType.BrokerLogger;
        if (!isBrokers || !int.TryParse(name, out int brokerId))
        {
            return await _cluster.AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_cluster.Metadata.Broker(brokerId) is null)
        {
            await _cluster.RefreshAsync([], false, cancellationToken).ConfigureAwait(false);
        }

        return await _cluster.BrokerAsync(brokerId, ConnectionUse.Requests, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes configs of a resource, all of them or none; they are in force when this returns.</summary>
    /// <param name="type">Whose configs.</param>
    /// <param name="name">Its name: a topic, a broker's id or nothing for all brokers, a group, a subscription.</param>
    /// <param name="changes">What to change, each config once.</param>
    /// <param name="validateOnly">Only checks whether it could be done.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">InvalidConfig, InvalidRequest, UnknownTopicOrPartition, ...</exception>
    public Task IncrementalAlterConfigsAsync(
        ConfigResourceType type,
        string name,
        IReadOnlyList<ConfigChange> changes,
        bool validateOnly = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(changes);
        IncrementalAlterConfigsRequest request = new() { ValidateOnly = validateOnly };
        IncrementalAlterConfigsRequest.AlterConfigsResource resource = request.Resources.Add();
        resource.ResourceType = (sbyte)type;
        resource.ResourceName = name;
        foreach (ConfigChange change in changes)
        {
            IncrementalAlterConfigsRequest.AlterableConfig config = resource.Configs.Add();
            config.Name = change.Name;
            config.ConfigOperation = (sbyte)change.Kind;
            config.Value = change.Value;
        }

        return RetryAsync(
            async () =>
            {
                BrokerConnection connection = await ConfigHolderAsync(type, name, cancellationToken).ConfigureAwait(false);
                IncrementalAlterConfigsResponse answer =
                    await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                IncrementalAlterConfigsResponse.AlterConfigsResourceResponse result = answer.Responses[0];
                return result.ErrorCode == ErrorCode.None
                    ? answer
                    : throw KafkaException.For(result.ErrorCode, $"{type} {name}".TrimEnd(), result.ErrorMessage);
            },
            cancellationToken);
    }

    /// <summary>The names of resources that have configs and nothing else: client metrics subscriptions.</summary>
    /// <exception cref="KafkaException">No broker can be reached, or it is older than KIP-1000.</exception>
    public async Task<IReadOnlyList<string>> ListConfigResourcesAsync(CancellationToken cancellationToken = default)
    {
        ListClientMetricsResourcesResponse response = await RetryAsync(
            async () =>
            {
                BrokerConnection connection = await _cluster.AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
                ListClientMetricsResourcesResponse answer = await connection
                    .RequestAsync(new ListClientMetricsResourcesRequest(), cancellationToken).ConfigureAwait(false);
                return answer.ErrorCode == ErrorCode.None ? answer : throw KafkaException.For(answer.ErrorCode, "config resources");
            },
            cancellationToken).ConfigureAwait(false);
        return [.. response.ClientMetricsResources.Select(resource => resource.Name).Order(StringComparer.Ordinal)];
    }
}
