using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Client;

/// <content>The cluster and its configs.</content>
public sealed partial class AdminClient
{
    /// <summary>The brokers of the cluster.</summary>
    /// <exception cref="KafkaException">No broker can be reached.</exception>
    public async Task<ClusterDescription> DescribeClusterAsync(CancellationToken cancellationToken = default)
    {
        await _cluster.RefreshAsync([], false, cancellationToken).ConfigureAwait(false);
        ClusterMetadata metadata = _cluster.Metadata;
        return new ClusterDescription(
            metadata.ClusterId, metadata.ControllerId, [.. metadata.Brokers.OrderBy(broker => broker.NodeId)]);
    }

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
}
