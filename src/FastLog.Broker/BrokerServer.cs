using System.Net;
using FastLog.Broker.Delayed;
using FastLog.Broker.FetchSessions;
using FastLog.Broker.Handlers;
using FastLog.Broker.Producers;
using FastLog.Broker.Requests;
using FastLog.Broker.Topics;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Network;
using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Broker;

/// <summary>
/// One broker: wires metadata, partitions, handlers and sockets together, starts them from the ground up and stops
/// them from the top down, so that what was taken is answered and what was answered is on disk.
/// </summary>
public sealed class BrokerServer : IBrokerView, IAsyncDisposable
{
    private readonly ClusterNode _node;
    private readonly TimerWheel _wheel;
    private readonly ProducerIds _producerIds;
    private readonly List<SocketListener> _listeners = [];

    private BrokerServer(ClusterNode node, TimerWheel wheel, ProducerIds producerIds)
    {
        _node = node;
        _wheel = wheel;
        _producerIds = producerIds;
    }

    /// <inheritdoc/>
    public int NodeId => _node.NodeId;

    /// <inheritdoc/>
    public MetadataImage Image => _node.Controller.Current;

    /// <summary>Where clients connect: listener name and bound end point, in the order of <c>listeners</c>.</summary>
    public IEnumerable<(string Name, IPEndPoint EndPoint)> Listeners =>
        _listeners.Select(listener => (listener.Name, listener.LocalEndPoint));

    /// <summary>Starts a broker; when this returns it serves clients.</summary>
    /// <exception cref="ConfigException">The configuration cannot be used.</exception>
    /// <exception cref="IOException">A log directory or a listener's address cannot be taken.</exception>
    public static async Task<BrokerServer> StartAsync(
        BrokerConfig config, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        throw new InvalidOperationException(config + loggers.ToString() + time + cancellationToken);
    }

    /// <summary>Stops taking requests, answers those taken, flushes and marks the directories clean.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var listener in _listeners)
        {
            await listener.StopAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        }

        _wheel.Dispose();
        _producerIds.Dispose();
        await _node.StopAsync().ConfigureAwait(false);
    }
}
