using FastLog.Interop.Harness;

namespace FastLog.Interop.Kcat;

/// <summary>The broker that a class of kcat tests shares.</summary>
public sealed class KcatBroker : IAsyncLifetime
{
    /// <summary>Partitions of a topic that is created by its first use.</summary>
    public const int Partitions = 6;

    private BrokerProcess? _broker;

    /// <summary>The running broker.</summary>
    internal BrokerProcess Broker => _broker ?? throw new InvalidOperationException("The broker is not started.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _broker = await BrokerProcess.StartAsync($"num.partitions={Partitions}");

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Broker.DisposeAsync();
}
