using FastLog.Interop.Harness;
using FastLog.Interop.Wire;

namespace FastLog.Interop.Hostile;

/// <summary>The broker that hostile tests share, with one topic whose records must stay as they are.</summary>
public sealed class HostileBroker : IAsyncLifetime
{
    /// <summary>The topic that nothing hostile may change.</summary>
    internal const string Kept = "kept";

    /// <summary>Partitions of <see cref="Kept"/>.</summary>
    internal const int KeptPartitions = 2;

    private BrokerProcess? _broker;

    /// <summary>The running broker.</summary>
    internal BrokerProcess Broker => _broker ?? throw new InvalidOperationException("The broker is not started.");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        _broker = await BrokerProcess.StartAsync("auto.create.topics.enable=true", "num.partitions=1");
        await using WireClient client = await WireClient.OpenAsync(Broker.Port);
        Assert.Equal(WireErrors.None, await client.CreateTopicAsync(Kept, KeptPartitions));
        for (int partition = 0; partition < KeptPartitions; partition++)
        {
            byte[] batch = WireBatch.Encode([.. Enumerable.Range(0, 10).Select(n => $"kept {n}")], timestampMs: 1, WireProducer.None);
            Assert.Equal(WireErrors.None, (await client.ProduceAsync(Kept, partition, batch)).Error);
        }
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Broker.DisposeAsync();

    /// <summary>
    /// Does something to the broker and fails unless it still runs and serves, and stores exactly what it stored before.
    /// </summary>
    internal async Task AssertStoresNothingAsync(Func<Task> act)
    {
        string before = await StoredAsync();
        await act();
        Assert.True(Broker.IsRunning, $"The server ended. It wrote:\n{Broker.Output}");
        Assert.Equal(before, await StoredAsync());
        AssertNoStackTrace(Broker);
    }

    /// <summary>Fails when the server's log shows that an exception nobody expected got through.</summary>
    internal static void AssertNoStackTrace(BrokerProcess broker) =>
        Assert.DoesNotContain(broker.Output.Lines, line => line.StartsWith("   at ", StringComparison.Ordinal));

    private async Task<string> StoredAsync()
    {
        await using WireClient client = await WireClient.OpenAsync(Broker.Port);
        var lines = new List<string>(Broker.Data.Listing());
        for (int partition = 0; partition < KeptPartitions; partition++)
        {
            IReadOnlyList<WireRecord> records = await client.ReadAllAsync(Kept, partition);
            lines.AddRange(records.Select(record => $"{Kept}-{partition} {record.Offset} {record.Value}"));
        }

        return string.Join('\n', lines);
    }
}
