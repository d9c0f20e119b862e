using FastLog.Interop.Harness;

namespace FastLog.Interop.Groups;

/// <summary>The broker that a class of group tests shares.</summary>
public sealed class GroupBroker : IAsyncLifetime
{
    private BrokerProcess? _broker;

    /// <summary>The running broker.</summary>
    internal BrokerProcess Broker => _broker ?? throw new InvalidOperationException("The broker is not started.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _broker = await BrokerProcess.StartAsync(GroupStand.BrokerProperties);

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Broker.DisposeAsync();
}
