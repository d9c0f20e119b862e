using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Coordination;

/// <summary>Writes what one turn wants written as one batch, which is in the log as a whole or not at all.</summary>
/// <param name="compression"><c>offsets.topic.compression.codec</c>.</param>
internal sealed class CoordinatorBatchWriter(CompressionType compression) : IDisposable
{
    private readonly RecordBatchBuilder _batch = new();
    private readonly PooledBufferWriter _key = new();
    private readonly PooledBufferWriter _value = new();

    /// <summary>The batch; its bytes are valid until the next call.</summary>
    public ReadOnlyMemory<byte> Write(IReadOnlyList<CoordinatorRecord> records, long nowMs)
    {
        Invariant.Check(records.Count > 0, "a batch has records");
        _batch.Begin(compression: compression);
        for (var i = 0; i < records.Count; i++)
        {
            var record = records[i];
            _key.Clear();
            VersionPrefixed.Encode(record.Key, record.KeyVersion, _key);
            _value.Clear();
            if (record.Value is { } value)
            {
                VersionPrefixed.Encode(value, record.ValueVersion, _value);
            }

            var taken = _batch.TryAppend(
                nowMs, _key.WrittenSpan, keyIsNull: false, _value.WrittenSpan, valueIsNull: record.Value is null);
            Invariant.Check(taken, "a coordinator's batch has no size bound of its own");
        }

        return _batch.Build();
    }

    public void Dispose()
    {
        _batch.Dispose();
        _key.Dispose();
        _value.Dispose();
    }
}
