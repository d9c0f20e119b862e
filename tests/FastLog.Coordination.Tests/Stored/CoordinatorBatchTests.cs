using System.Buffers.Binary;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Coordination.Tests.Stored;

public sealed class CoordinatorBatchTests
{
    private static readonly (int Type, IMessage Key, IMessage Value)[] Types =
    [
        (0, new OffsetCommitKey { Group = "g", Topic = "t", Partition = 3 }, new OffsetCommitValue { Offset = 5, Metadata = "m", CommitTimestamp = 9 }),
        (1, new OffsetCommitKey { Group = "g", Topic = "t", Partition = 3 }, new OffsetCommitValue { Offset = 5, Metadata = "m", CommitTimestamp = 9 }),
        (2, new GroupMetadataKey { Group = "g" }, new GroupMetadataValue { ProtocolType = "consumer", Generation = 4, Protocol = "range", Leader = "a" }),
        (3, new ConsumerGroupMetadataKey { GroupId = "g" }, new ConsumerGroupMetadataValue { Epoch = 4 }),
        (4, new ConsumerGroupPartitionMetadataKey { GroupId = "g" }, new ConsumerGroupPartitionMetadataValue()),
        (5, new ConsumerGroupMemberMetadataKey { GroupId = "g", MemberId = "m" }, new ConsumerGroupMemberMetadataValue { ClientId = "c", ClientHost = "/h", RebalanceTimeoutMs = 7 }),
        (6, new ConsumerGroupTargetAssignmentMetadataKey { GroupId = "g" }, new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = 4 }),
        (7, new ConsumerGroupTargetAssignmentMemberKey { GroupId = "g", MemberId = "m" }, new ConsumerGroupTargetAssignmentMemberValue()),
        (8, new ConsumerGroupCurrentMemberAssignmentKey { GroupId = "g", MemberId = "m" }, new ConsumerGroupCurrentMemberAssignmentValue { MemberEpoch = 4, PreviousMemberEpoch = 3 }),
        (16, new ConsumerGroupRegularExpressionKey { GroupId = "g", RegularExpression = "a.*" }, new ConsumerGroupRegularExpressionValue { Version = 4, Timestamp = 5 }),
    ];

    [Fact]
    public void Every_type_and_its_tombstone_is_read_as_it_was_written()
    {
        foreach (var (type, key, value) in Types)
        {
            CheckType(type, key, value);
        }
    }

    private static void CheckType(int type, IMessage key, IMessage value)
    {
        var read = Read(Written(
            new CoordinatorRecord(key, (short)type, value, 0), new CoordinatorRecord(key, (short)type, null, 0)));
        Assert.Collection(
            read.Records,
            record =>
            {
                Assert.Equal((type, -1L), ((int)record.Record.KeyVersion, record.ProducerId));
                Assert.Equal(VersionPrefixed.ToArray(key, (short)type), VersionPrefixed.ToArray(record.Record.Key, (short)type));
                Assert.Equal(VersionPrefixed.ToArray(value, 0), VersionPrefixed.ToArray(record.Record.Value!, 0));
            },
            tombstone =>
            {
                Assert.Equal(VersionPrefixed.ToArray(key, (short)type), VersionPrefixed.ToArray(tombstone.Record.Key, (short)type));
                Assert.Null(tombstone.Record.Value);
            });
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    public void Records_of_a_turn_are_one_batch_in_their_order(CompressionType compression)
    {
        using var writer = new CoordinatorBatchWriter(compression);
        for (var turn = 0; turn < 3; turn++)
        {
            var bytes = writer.Write([.. Enumerable.Range(0, 100).Select(offset => Offset(offset))], nowMs: 77);
            var header = new RecordBatchView(bytes.Span).Header;
            Assert.Equal((100, bytes.Length), (header.RecordsCount, (int)header.TotalSizeInBytes));
            Assert.Equal((77, 77), (header.BaseTimestamp, header.MaxTimestamp));
            Assert.Equal(Enumerable.Range(0, 100).Select(offset => (long)offset), Read(bytes.ToArray()).Records.Select(ValueOf));
        }
    }

    [Fact]
    public void Types_that_are_not_known_are_passed_over_and_counted()
    {
        var bytes = Batch(builder =>
        {
            builder.TryAppend(0, [0, 9, 1, 2, 3], [0, 0, 1]);
            builder.TryAppend(0, default, keyIsNull: true, [1], valueIsNull: false);
            Append(builder, Offset(4));
            builder.TryAppend(0, [0x7f, 0xff], keyIsNull: false, default, valueIsNull: true);
        });
        var replay = Read(bytes);
        Assert.Equal(4, ValueOf(Assert.Single(replay.Records)));
        Assert.Equal(3, replay.UnknownCount);
    }

    [Fact]
    public void A_malformed_key_or_value_of_a_known_type_is_an_error()
    {
        Assert.Throws<ProtocolException>(() => Read(Batch(builder => builder.TryAppend(0, [0, 1, 0, 5, 1], [0, 3]))));
        Assert.Throws<ProtocolException>(() => Read(Batch(builder => builder.TryAppend(0, [1], [0, 3]))));
        Assert.Throws<ProtocolException>(() => Read(Batch(builder =>
            builder.TryAppend(0, VersionPrefixed.ToArray(Offset(1).Key, 1), [0, 3, 1]))));
    }

    [Fact]
    public void A_damaged_batch_is_an_error()
    {
        var bytes = Written(Offset(1));
        for (var place = RecordBatchHeader.SizeInBytes; place < bytes.Length; place++)
        {
            var damaged = bytes.ToArray();
            damaged[place] ^= 0x10;
            Assert.Throws<RecordFormatException>(() => Read(damaged));
        }

        Assert.Throws<RecordFormatException>(() => Read(bytes[..^1]));
    }

    [Fact]
    public void A_batch_that_compaction_emptied_says_nothing()
    {
        var emptied = Written(Offset(7))[..RecordBatchHeader.SizeInBytes];
        BinaryPrimitives.WriteInt32BigEndian(emptied.AsSpan(8), RecordBatchHeader.SizeInBytes - 12);
        BinaryPrimitives.WriteInt32BigEndian(emptied.AsSpan(57), 0);
        BinaryPrimitives.WriteUInt32BigEndian(emptied.AsSpan(17), Crc32C.Compute(emptied.AsSpan(RecordBatchHeader.AttributesOffset)));
        byte[] bytes = [.. emptied, .. Written(Offset(8))];
        Assert.Equal(8, ValueOf(Assert.Single(Read(bytes).Records)));
    }

    [Fact]
    public void Offsets_of_a_transaction_count_when_it_is_committed_and_are_dropped_when_it_is_aborted()
    {
        byte[] bytes =
        [
            .. Written(Offset(1)),
            .. Batch(builder => Append(builder, Offset(2)), producerId: 7),
            .. Batch(builder => Append(builder, Offset(30, partition: 1)), producerId: 8),
        ];
        var shard = new GroupShard(new GroupCoordinatorOptions(), Guid.NewGuid);
        Replay(bytes, shard);
        Assert.Equal(1, shard.Offsets.Find("g", "t", 0)?.Offset);
        Assert.Null(shard.Offsets.Find("g", "t", 1));

        Replay(Marker(7, ControlRecordType.Commit), shard);
        Assert.Equal(2, shard.Offsets.Find("g", "t", 0)?.Offset);
        Replay(Marker(8, ControlRecordType.Abort), shard);
        Replay(Marker(8, ControlRecordType.Commit), shard);
        Assert.Null(shard.Offsets.Find("g", "t", 1));
        Assert.Equal(1, shard.Offsets.Count);
    }

    internal static CoordinatorRecord Offset(long offset, int partition = 0) => OffsetRecords.Commit(
        "g", "t", partition, new CommittedOffset(offset, -1, "", 0, -1));

    internal static byte[] Batch(Action<RecordBatchBuilder> fill, long producerId = -1)
    {
        using var builder = new RecordBatchBuilder();
        builder.Begin(producerId: producerId, producerEpoch: 0, baseSequence: producerId < 0 ? -1 : 0, isTransactional: producerId >= 0);
        fill(builder);
        return builder.Build().ToArray();
    }

    internal static void Append(RecordBatchBuilder builder, CoordinatorRecord record) => builder.TryAppend(
        0,
        VersionPrefixed.ToArray(record.Key, record.KeyVersion),
        keyIsNull: false,
        record.Value is { } value ? VersionPrefixed.ToArray(value, record.ValueVersion) : [],
        valueIsNull: record.Value is null);

    internal static byte[] Marker(long producerId, ControlRecordType type)
    {
        using var builder = new RecordBatchBuilder();
        builder.Begin(producerId: producerId, producerEpoch: 0, isTransactional: true, isControl: true);
        builder.AppendControl(0, type, new byte[ControlRecord.EndTransactionValueSizeInBytes]);
        return builder.Build().ToArray();
    }

    private static void Replay(byte[] bytes, GroupShard shard)
    {
        using var reader = new CoordinatorBatchReader();
        reader.Read(bytes, shard);
    }

    private static byte[] Written(params CoordinatorRecord[] records)
    {
        using var writer = new CoordinatorBatchWriter(CompressionType.None);
        return writer.Write(records, 0).ToArray();
    }

    private static long ValueOf((CoordinatorRecord Record, long ProducerId) read) => ((OffsetCommitValue)read.Record.Value!).Offset;

    private static Kept Read(byte[] bytes)
    {
        using var reader = new CoordinatorBatchReader();
        var kept = new Kept();
        reader.Read(bytes, kept);
        kept.UnknownCount = reader.UnknownRecordsCount;
        return kept;
    }

    private sealed class Kept : ICoordinatorReplay
    {
        public List<(CoordinatorRecord Record, long ProducerId)> Records { get; } = [];

        public long UnknownCount { get; set; }

        public void OnRecord(in CoordinatorRecord record, long producerId) => Records.Add((record, producerId));

        public void OnTransactionEnd(long producerId, bool isCommitted)
        {
        }
    }
}
