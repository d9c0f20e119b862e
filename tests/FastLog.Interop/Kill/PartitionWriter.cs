using FastLog.Interop.Wire;

namespace FastLog.Interop.Kill;

/// <summary>
/// Writes to one partition with acks=all, several batches in flight, until the connection breaks; every
/// acknowledgement goes into the ledger. Each round is one connection.
/// </summary>
internal abstract class PartitionWriter(Ledger ledger, int inFlightMax)
{
    private const int RecordsPerBatchMax = 40;

    /// <summary>What was sent and acknowledged.</summary>
    public Ledger Ledger => ledger;

    /// <summary>Writes until the broker goes away, or until <paramref name="cancellation"/> asks to stop and all is answered.</summary>
    /// <param name="port">The broker's port.</param>
    /// <param name="random">Chooses the sizes of batches; this writer's own.</param>
    /// <param name="acknowledged">Told of every acknowledged batch.</param>
    /// <param name="cancellation">Ends the writing.</param>
    public async Task RunAsync(int port, Random random, Action acknowledged, CancellationToken cancellation)
    {
        var inFlight = new Queue<Task>();
        try
        {
            await using WireClient client = await WireClient.OpenAsync(port);
            await BeginAsync(client);
            while (!cancellation.IsCancellationRequested)
            {
                inFlight.Enqueue(SendAsync(client, ledger.NextValues(random.Next(1, RecordsPerBatchMax)), acknowledged));
                if (inFlight.Count == inFlightMax)
                {
                    await inFlight.Dequeue();
                }
            }

            await Task.WhenAll(inFlight);
        }
        catch (IOException)
        {
            // The broker is gone: what was not acknowledged may or may not be stored.
        }

        await EndOfAsync(inFlight);
    }

    // Batches that were cut off are nothing to report; a batch that was refused is.
    private static async Task EndOfAsync(IEnumerable<Task> batches)
    {
        foreach (Task batch in batches)
        {
            try
            {
                await batch;
            }
            catch (IOException)
            {
                // Cut off.
            }
        }
    }

    /// <summary>What is to be done on a new connection before new records are sent.</summary>
    protected abstract Task BeginAsync(WireClient client);

    /// <summary>Sends one batch and takes its acknowledgement down.</summary>
    protected abstract Task SendAsync(WireClient client, string[] values, Action acknowledged);

    /// <summary>Now, in milliseconds, as record timestamps count.</summary>
    protected static long NowMs() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}

/// <summary>Sends every record once and never again.</summary>
/// <param name="ledger">What was sent and acknowledged.</param>
/// <param name="keyOf">The key of a value; null for records without keys.</param>
internal sealed class OnceWriter(Ledger ledger, Func<string, string>? keyOf = null) : PartitionWriter(ledger, inFlightMax: 8)
{
    /// <inheritdoc/>
    protected override Task BeginAsync(WireClient client) => Task.CompletedTask;

    /// <inheritdoc/>
    protected override async Task SendAsync(WireClient client, string[] values, Action acknowledged)
    {
        byte[] batch = WireBatch.Encode(values, NowMs(), WireProducer.None, keyOf);
        Produced answer = await client.ProduceAsync(Ledger.Topic, Ledger.Partition, batch);
        Assert.Equal(WireErrors.None, answer.Error);
        Ledger.Acknowledge(answer.BaseOffset, values);
        acknowledged();
    }
}
