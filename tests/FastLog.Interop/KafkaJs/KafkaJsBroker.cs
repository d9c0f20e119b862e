using FastLog.Interop.Harness;

namespace FastLog.Interop.KafkaJs;

/// <summary>The broker that the kafkajs tests share; no topic comes into being by being asked for.</summary>
public sealed class KafkaJsBroker : IAsyncLifetime
{
    private BrokerProcess? _broker;

    /// <summary>The running broker.</summary>
    internal BrokerProcess Broker => _broker ?? throw new InvalidOperationException("The broker is not started.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _broker = await BrokerProcess.StartAsync("auto.create.topics.enable=false");

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Broker.DisposeAsync();
}
