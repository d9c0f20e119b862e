using System.Buffers;
using FastLog.Protocol.Messages;

namespace FastLog.Protocol.Tests.Golden;

/// <summary>Records that Kafka 4.0.0 wrote into its internal topics and its metadata log.</summary>
public sealed class RecordedLogTests
{
    private static readonly Dictionary<short, Func<IMessage>> OffsetsTopicKeys = new()
    {
        [0] = () => new OffsetCommitKey(),
        [1] = () => new OffsetCommitKey(),
        [2] = () => new GroupMetadataKey(),
        [3] = () => new ConsumerGroupMetadataKey(),
        [4] = () => new ConsumerGroupPartitionMetadataKey(),
        [5] = () => new ConsumerGroupMemberMetadataKey(),
        [6] = () => new ConsumerGroupTargetAssignmentMetadataKey(),
        [7] = () => new ConsumerGroupTargetAssignmentMemberKey(),
        [8] = () => new ConsumerGroupCurrentMemberAssignmentKey(),
    };

    private static readonly Dictionary<int, Func<IMessage>> ControlRecords = new()
    {
        [2] = () => new LeaderChangeMessage(),
        [3] = () => new SnapshotHeaderRecord(),
        [4] = () => new SnapshotFooterRecord(),
        [5] = () => new KRaftVersionRecord(),
        [6] = () => new VotersRecord(),
    };

    [Fact]
    public void Metadata_records_decode_and_encode_to_the_same_bytes()
    {
        int checkedRecords = 0;
        foreach (string[] row in GoldenFile.Rows("metadata-log.tsv").Where(row => row[0] == "metadata"))
        {
            byte[] value = Convert.FromHexString(row[2]);
            IMetadataRecord record = MetadataRecordSerde.Decode(value);
            Assert.Equal(int.Parse(row[1]), (int)record.RecordType);

            var output = new ArrayBufferWriter<byte>();
            MetadataRecordSerde.Encode(record, version: value[2], output);
            Assert.Equal(value, output.WrittenSpan.ToArray());
            checkedRecords++;
        }

        Assert.True(checkedRecords > 20);
    }

    [Fact]
    public void Control_records_decode_and_encode_to_the_same_bytes()
    {
        var seen = new HashSet<int>();
        foreach (string[] row in GoldenFile.Rows("metadata-log.tsv").Where(row => row[0] == "control"))
        {
            int type = int.Parse(row[1]);
            AssertSame(ControlRecords[type](), Convert.FromHexString(row[2]), version: 0);
            seen.Add(type);
        }

        Assert.Equal(ControlRecords.Keys.Order(), seen.Order());
    }

    [Fact]
    public void Coordinator_records_decode_and_encode_to_the_same_bytes()
    {
        var seen = new HashSet<string>();
        foreach (string[] row in GoldenFile.Rows("coordinator-logs.tsv"))
        {
            byte[] key = Convert.FromHexString(row[1]);
            short type = VersionPrefixed.ReadVersion(key);
            IMessage keyMessage = row[0] == "__transaction_state" ? new TransactionLogKey() : OffsetsTopicKeys[type]();
            AssertSameBehindVersion(keyMessage, key);
            seen.Add(keyMessage.GetType().Name);
            if (row[2] != "null")
            {
                string valueName = keyMessage.GetType().FullName!.Replace("Key", "Value");
                Type valueType = typeof(OffsetCommitValue).Assembly.GetType(valueName, throwOnError: true)!;
                AssertSameBehindVersion((IMessage)Activator.CreateInstance(valueType)!, Convert.FromHexString(row[2]));
            }
        }

        Assert.Equal(9, seen.Count);
    }

    [Fact]
    public void Metadata_records_that_are_none_are_refused()
    {
        Assert.Throws<ProtocolException>(() => MetadataRecordSerde.Decode(ReadOnlyMemory<byte>.Empty));
        Assert.Throws<ProtocolException>(() => MetadataRecordSerde.Decode(new byte[] { 2, 20, 0, 0 }));
        Assert.Throws<ProtocolException>(() => MetadataRecordSerde.Decode(new byte[] { 1, 13, 0, 0 }));
        Assert.Throws<ProtocolException>(() => MetadataRecordSerde.Decode(new byte[] { 1, 20, 9, 0 }));
        Assert.Throws<ProtocolException>(() => MetadataRecordSerde.Decode(new byte[] { 1, 20, 0, 0, 0 }));
        Assert.Throws<ProtocolException>(() => MetadataRecordSerde.Decode(new byte[] { 1, 0xFF, 0xFF, 7, 0, 0 }));
        Assert.IsType<NoOpRecord>(MetadataRecordSerde.Decode(new byte[] { 1, 20, 0, 0 }));
    }

    private static void AssertSameBehindVersion(IMessage message, byte[] bytes)
    {
        short version = VersionPrefixed.Decode(message, bytes);
        Assert.Equal(bytes, VersionPrefixed.ToArray(message, version));
    }

    private static void AssertSame(IMessage message, byte[] bytes, short version)
    {
        message.DecodeFrom(bytes, version);
        Assert.Equal(bytes, message.ToArray(version));
    }
}
