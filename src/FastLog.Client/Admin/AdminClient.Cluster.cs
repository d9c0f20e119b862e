namespace FastLog.Client;

/// <content>The cluster.</content>
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
}
