using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Raft;

/// <summary>Writes the batches of the metadata log as Kafka does: keys null, values framed, one batch one decision.</summary>
internal sealed class MetadataBatchWriter : IDisposable
{
    private readonly RecordBatchBuilder _batch = new();
    private readonly PooledBufferWriter _value = new();

    /// <summary>A batch of metadata records; the bytes are valid until the next call.</summary>
    public ReadOnlyMemory<byte> WriteRecords(IReadOnlyList<MetadataRecord> records, int epoch, long nowMs)
    {
        Invariant.Check(records.Count > 0, "a batch has records");
        _batch.Begin(partitionLeaderEpoch: epoch);
        foreach (var (record, version) in records)
        {
            _value.Clear();
            MetadataRecordSerde.Encode(record, version, _value);
            var taken = _batch.TryAppend(nowMs, key: default, keyIsNull: true, _value.WrittenSpan, valueIsNull: false);
            Invariant.Check(taken, "a batch of metadata records has no size bound of its own");
        }
        return _batch.Build();
    }

    /// <summary>The control batch with which a leader begins its epoch; the bytes are valid until the next call.</summary>
    public ReadOnlyMemory<byte> WriteLeaderChange(RaftState state, long nowMs)
    {
        var message = new LeaderChangeMessage { LeaderId = state.LeaderId };
        foreach (var voter in state.Voters)
        {
            message.Voters.Add().VoterId = voter;
        }
        foreach (var voter in state.GrantingVoters)
        {
            message.GrantingVoters.Add().VoterId = voter;
        }
        _value.Clear();
        message.EncodeTo(_value, version: 0);
        _batch.Begin(isControl: true, partitionLeaderEpoch: state.Epoch);
        _batch.AppendControl(nowMs, ControlRecordType.LeaderChange, _value.WrittenSpan);
        return _batch.Build();
    }

    public void Dispose()
    {
        _batch.Dispose();
        _value.Dispose();
    }
}
