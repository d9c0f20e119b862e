using FastLog.Client;
using FastLog.Load.Pacing;

namespace FastLog.Load.Producing;

/// <summary>One producer with a connection of its own, and the records it is to send. One thread at a time appends.
/// </summary>
internal sealed class ProducerLane(Producer producer, TopicProducer topic, RecordSource source, PartitionTurn turn)
    : IPacedLane, IAsyncDisposable
{
    private readonly byte[] _refusedKey = new byte[Payloads.KeySource.KeyBytes];
    private byte[] _refusedValue = [];
    private int _refusedKeyBytes;
    private int _refusedValueBytes = -1;
    private PartitionTurn _turn = turn;

    /// <summary>Records that the client took.</summary>
    public long AppendedCount { get; private set; }

    /// <summary>Bytes of their values; read by others too, who then see some moment's.</summary>
    public long AppendedBytes { get; private set; }

    /// <summary>How many records the client refused at first.</summary>
    public long RefusalsCount { get; private set; }

    /// <summary>Hands the next record to the client.</summary>
    /// <param name="intendedNs">From when its latency counts.</param>
    /// <param name="timestampMs">What it says about itself, in ms since 1970.</param>
    /// <returns>False when there is no buffer memory; the same record is tried again with the next call.</returns>
    public bool TryAppend(long intendedNs, long timestampMs)
    {
        ReadOnlySpan<byte> key;
        ReadOnlySpan<byte> value;
        bool isSecondTry = _refusedValueBytes >= 0;
        if (isSecondTry)
        {
            key = _refusedKey.AsSpan(0, _refusedKeyBytes);
            value = _refusedValue.AsSpan(0, _refusedValueBytes);
        }
        else
        {
            source.Next(intendedNs, out key, out value);
        }

        if (!topic.TryAppend(_turn.Next, timestampMs, key, !source.HasKeys, value, valueIsNull: false, default, intendedNs))
        {
            if (!isSecondTry)
            {
                Keep(key, value);
            }

            return false;
        }

        _refusedValueBytes = -1;
        _turn.Take();
        AppendedCount++;
        AppendedBytes += value.Length;
        return true;
    }

    public ValueTask WaitForSpaceAsync(CancellationToken cancellationToken) => producer.WaitForSpaceAsync(cancellationToken);

    public Task FlushAsync(CancellationToken cancellationToken) => producer.FlushAsync(cancellationToken);

    /// <summary>Closes at once: whoever wants all records stored flushes before.</summary>
    public ValueTask DisposeAsync() => producer.AbortAsync();

    private void Keep(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        RefusalsCount++;
        if (_refusedValue.Length < value.Length)
        {
            _refusedValue = new byte[value.Length];
        }

        key.CopyTo(_refusedKey);
        value.CopyTo(_refusedValue);
        _refusedKeyBytes = key.Length;
        _refusedValueBytes = value.Length;
    }
}
