using FastLog.Interop.Wire;

namespace FastLog.Interop.Kill;

/// <summary>
/// An idempotent producer as Kafka's own is: five batches in flight, and after a broken connection every batch without
/// an answer is sent again under its old sequence, so that the broker must tell which of them it has.
/// </summary>
internal sealed class IdempotentWriter(Ledger ledger) : PartitionWriter(ledger, InFlightMax)
{
    private const int InFlightMax = 5;

    private readonly Lock _lock = new();
    private readonly LinkedList<Unanswered> _unanswered = new();
    private ProducerIdentity? _identity;
    private int _nextSequence;

    /// <summary>Batches that no answer has come for.</summary>
    public int UnansweredCount
    {
        get
        {
            lock (_lock)
            {
                return _unanswered.Count;
            }
        }
    }

    /// <inheritdoc/>
    protected override async Task BeginAsync(WireClient client)
    {
        _identity ??= await client.InitProducerIdAsync();
        Unanswered[] again;
        lock (_lock)
        {
            again = [.. _unanswered];
        }

        await Task.WhenAll(again.Select(batch => DeliverAsync(client, batch)));
    }

    /// <inheritdoc/>
    protected override async Task SendAsync(WireClient client, string[] values, Action acknowledged)
    {
        var producer = new WireProducer(_identity!.Value.Id, _identity.Value.Epoch, _nextSequence);
        var batch = new Unanswered(values, WireBatch.Encode(values, NowMs(), producer));
        _nextSequence += values.Length;
        lock (_lock)
        {
            _unanswered.AddLast(batch);
        }

        await DeliverAsync(client, batch);
        acknowledged();
    }

    private async Task DeliverAsync(WireClient client, Unanswered batch)
    {
        Produced answer = await client.ProduceAsync(Ledger.Topic, Ledger.Partition, batch.Bytes);
        if (answer.Error == WireErrors.None)
        {
            Ledger.Acknowledge(answer.BaseOffset, batch.Values);
        }
        else
        {
            // The one other answer of success: the broker has the batch, but no longer knows at which offset.
            Assert.Equal(WireErrors.DuplicateSequenceNumber, answer.Error);
        }

        lock (_lock)
        {
            _unanswered.Remove(batch);
        }
    }

    private sealed record Unanswered(string[] Values, byte[] Bytes);
}
