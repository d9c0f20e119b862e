using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using FastLog.Storage.Inspection;

namespace FastLog.Server.Commands;

/// <summary>Prints batches, and their records if they are wanted.</summary>
internal sealed class BatchDump(LogDumpOptions options, DumpOutput output)
{
    private const int UnpackedBytesMax = 1024 * 1024 * 1024;
    private const string MetadataDirectory = "__cluster_metadata-";

    public void Write(BatchFileReader batches)
    {
        var header = batches.Header;
        output.Begin("batch");
        output.Add("baseOffset", header.BaseOffset);
        output.Add("lastOffset", header.LastOffset);
        output.Add("count", header.RecordsCount);
        output.Add("position", batches.Position);
        output.Add("size", header.TotalSizeInBytes);
        output.Add("codec", CodecName(header.CompressionType));
        output.Add("leaderEpoch", header.PartitionLeaderEpoch);
        output.Add("timestampType", header.TimestampType.ToString());
        output.Add("maxTimestamp", header.MaxTimestamp);
        output.Add(header.HasDeleteHorizon ? "deleteHorizon" : "baseTimestamp", header.BaseTimestamp);
        output.Add("producerId", header.ProducerId);
        output.Add("producerEpoch", header.ProducerEpoch);
        output.Add("baseSequence", header.BaseSequence);
        output.Add("lastSequence", header.LastSequence);
        output.AddIf("transactional", header.IsTransactional);
        output.AddIf("control", header.IsControl);
        output.Add("crc", header.Crc);
        output.Add("crcState", batches.IsCrcValid ? "valid" : "wrong");
        output.End();
        if (options.WithRecords)
        {
            WriteRecords(batches);
        }
    }

    private static string CodecName(CompressionType type) => type switch
    {
        CompressionType.None => "none",
        CompressionType.Gzip => "gzip",
        CompressionType.Snappy => "snappy",
        CompressionType.Lz4 => "lz4",
        CompressionType.Zstd => "zstd",
        _ => $"unknown-{(int)type}",
    };

    private void WriteRecords(BatchFileReader batches)
    {
        try
        {
            using var scratch = new PooledBufferWriter();
            var header = batches.Header;
            var isMetadata = batches.Path.Contains(MetadataDirectory, StringComparison.Ordinal);
            foreach (var record in new RecordBatchView(batches.Batch.Span).Records(scratch, UnpackedBytesMax))
            {
                if (record.Offset >= options.FromOffset)
                {
                    WriteRecord(header, record, isMetadata);
                }
            }
        }
        catch (Exception exception) when (exception is RecordFormatException or NotSupportedException)
        {
            output.Begin("broken");
            output.Add("position", batches.Position);
            output.Add("problem", exception.Message);
            output.End();
        }
    }

    private void WriteRecord(in RecordBatchHeader header, in RecordView record, bool isMetadata)
    {
        output.Begin(header.IsControl ? "controlRecord" : "record");
        output.Add("offset", record.Offset);
        output.Add("timestamp", record.TimestampMs);
        if (header.IsControl && ControlRecord.TryReadKey(record.Key, out var type))
        {
            output.Add("control", type.ToString());
            WriteControl(type, record.Value.ToArray());
        }
        else
        {
            output.Add("metadata", isMetadata ? MetadataType(record.Value.ToArray()) : null);
            output.AddBytes("key", record.Key, record.KeyIsNull);
            output.AddBytes("value", record.Value, record.ValueIsNull);
        }

        foreach (var recordHeader in record.Headers)
        {
            output.AddBytes("header." + recordHeader.KeyText, recordHeader.Value, recordHeader.ValueIsNull);
        }

        output.End();
    }

    private void WriteControl(ControlRecordType type, ReadOnlyMemory<byte> value)
    {
        try
        {
            switch (type)
            {
                case ControlRecordType.Abort or ControlRecordType.Commit:
                    ControlRecord.TryReadEndTransactionValue(value.Span, out var coordinatorEpoch);
                    output.Add("coordinatorEpoch", coordinatorEpoch);
                    break;
                case ControlRecordType.LeaderChange:
                    var change = Decode<LeaderChangeMessage>(value);
                    output.Add("leaderId", change.LeaderId);
                    output.Add("voters", string.Join(',', Ids(change.Voters)));
                    break;
                case ControlRecordType.SnapshotHeader:
                    output.Add("lastContainedLogTimestamp", Decode<SnapshotHeaderRecord>(value).LastContainedLogTimestamp);
                    break;
                case ControlRecordType.KRaftVersion:
                    output.Add("kraftVersion", Decode<KRaftVersionRecord>(value).KRaftVersion);
                    break;
                case ControlRecordType.KRaftVoters:
                    output.Add("voters", string.Join(',', Ids(Decode<VotersRecord>(value).Voters)));
                    break;
            }
        }
        catch (ProtocolException exception)
        {
            output.Add("problem", exception.Message);
        }
    }

    // Each of these messages begins with its own version.
    private static TMessage Decode<TMessage>(ReadOnlyMemory<byte> value) where TMessage : IMessageStruct, new()
    {
        var message = new TMessage();
        message.DecodeFrom(value, VersionPrefixed.ReadVersion(value.Span));
        return message;
    }

    private static IEnumerable<int> Ids(IEnumerable<LeaderChangeMessage.Voter> voters) => voters.Select(voter => voter.VoterId);

    private static IEnumerable<int> Ids(IEnumerable<VotersRecord.Voter> voters) => voters.Select(voter => voter.VoterId);

    private static string MetadataType(ReadOnlyMemory<byte> value)
    {
        try
        {
            return MetadataRecordSerde.Decode(value).RecordType.ToString();
        }
        catch (ProtocolException exception)
        {
            return exception.Message;
        }
    }
}
