using System.Buffers.Binary;
using FastLog.Interop.Harness;
using FastLog.Interop.Wire;
using FastLog.Records;
using Xunit.Abstractions;

namespace FastLog.Interop.Hostile;

/// <summary>Record batches that are not what they say: refused with Kafka's error, and nothing of them stored.</summary>
public sealed class HostileBatchTests(HostileBroker fixture, ITestOutputHelper output) : IClassFixture<HostileBroker>
{
    private const int LengthAt = 8;
    private const int MagicAt = 16;
    private const int LastOffsetDeltaAt = 23;
    private const int MessageBytesMax = 1_048_588;
    private const long GrowthBytesMax = 320 << 20;
    private const short Control = 0x20;

    /// <summary>Kafka itself has more than one answer to records that do not fit their header.</summary>
    private static readonly short[] Malformed = [WireErrors.CorruptMessage, WireErrors.InvalidRecord];

    /// <summary>Attributes of the four codecs.</summary>
    public static TheoryData<short> Codecs => new(1, 2, 3, 4);

    [Fact]
    public Task A_wrong_crc_is_a_corrupt_message() =>
        AssertRefusedAsync(batch => batch[WireBatch.CrcAt] ^= 1, [WireErrors.CorruptMessage], reseal: false);

    [Theory]
    [InlineData(WireBatch.HeaderBytes)]
    [InlineData(WireBatch.HeaderBytes + 20)]
    [InlineData(WireBatch.AttributesAt + 30)]
    public Task A_flipped_bit_anywhere_under_the_crc_is_a_corrupt_message(int at) =>
        AssertRefusedAsync(batch => batch[at] ^= 0x10, [WireErrors.CorruptMessage], reseal: false);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public Task A_record_count_that_lies_is_refused(int count) =>
        AssertRefusedAsync(batch => BinaryPrimitives.WriteInt32BigEndian(batch[WireBatch.RecordsCountAt..], count), Malformed);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(1_000_000)]
    public Task A_record_count_that_lies_together_with_the_last_offset_is_refused(int count) =>
        AssertRefusedAsync(
            batch =>
            {
                BinaryPrimitives.WriteInt32BigEndian(batch[WireBatch.RecordsCountAt..], count);
                BinaryPrimitives.WriteInt32BigEndian(batch[LastOffsetDeltaAt..], count - 1);
            },
            Malformed);

    [Fact]
    public Task A_record_that_is_longer_than_its_batch_is_refused() =>
        AssertRefusedAsync(batch => batch[WireBatch.HeaderBytes] = 0x7e, Malformed);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(-1)]
    public Task A_magic_that_produce_requests_may_not_carry_is_refused(sbyte magic) =>
        AssertRefusedAsync(batch => batch[MagicAt] = (byte)magic, Malformed);

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(int.MaxValue)]
    public Task A_batch_length_that_lies_is_refused(int length) =>
        AssertRefusedAsync(
            batch => BinaryPrimitives.WriteInt32BigEndian(batch[LengthAt..], length),
            [.. Malformed, WireErrors.MessageTooLarge],
            reseal: false);

    [Fact]
    public Task A_control_batch_of_a_client_is_refused() =>
        AssertRefusedAsync(batch => BinaryPrimitives.WriteInt16BigEndian(batch[WireBatch.AttributesAt..], Control), Malformed);

    [Theory]
    [MemberData(nameof(Codecs))]
    public Task Records_that_do_not_decompress_are_refused(short codec) =>
        AssertRefusedAsync(batch => BinaryPrimitives.WriteInt16BigEndian(batch[WireBatch.AttributesAt..], codec), Malformed);

    [Fact]
    public Task A_codec_that_does_not_exist_is_refused() =>
        AssertRefusedAsync(batch => BinaryPrimitives.WriteInt16BigEndian(batch[WireBatch.AttributesAt..], 5), [.. Malformed, 76]);

    [Fact]
    public Task Two_batches_in_one_request_are_refused() =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            byte[] batch = Batch();
            Assert.Contains(await ProduceAsync([.. batch, .. batch]), Malformed);
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(WireBatch.HeaderBytes - 1)]
    [InlineData(WireBatch.HeaderBytes + 3)]
    public Task A_batch_that_ends_early_is_refused(int bytes) =>
        fixture.AssertStoresNothingAsync(async () => Assert.Contains(await ProduceAsync(Batch()[..bytes]), Malformed));

    [Fact]
    public Task A_batch_over_the_limit_is_too_large() =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            string value = new('x', MessageBytesMax - WireBatch.HeaderBytes);
            byte[] batch = WireBatch.Encode([value], timestampMs: 1, WireProducer.None);
            Assert.Equal(WireErrors.MessageTooLarge, await ProduceAsync(batch));
        });

    // The batch is sound, so a broker may as well take it: what counts is what it costs to look at it.
    [Theory]
    [InlineData(CompressionType.Gzip, 600)]
    [InlineData(CompressionType.Lz4, 200)]
    [InlineData(CompressionType.Zstd, 600)]
    public async Task A_small_batch_that_decompresses_to_very_much_costs_bounded_memory(CompressionType codec, int mebibytes)
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        Assert.Equal(WireErrors.None, await client.CreateTopicAsync("bombs", 1));
        byte[] bomb = Bomb(codec, mebibytes << 20);
        Assert.InRange(bomb.Length, 1, MessageBytesMax);
        long before = broker.Figures.ResidentBytesPeak;

        short error = (await client.ProduceAsync("bombs", 0, bomb)).Error;

        long growth = broker.Figures.ResidentBytesPeak - before;
        output.WriteLine($"{bomb.Length} bytes of {codec} that decompress to {mebibytes} MiB: "
            + $"error {error}, {growth >> 20} MiB more at the peak");
        Assert.InRange(growth, 0, GrowthBytesMax);
        Assert.Equal(WireErrors.None, (await client.ProduceAsync("bombs", 0, Batch())).Error);
    }

    private Task AssertRefusedAsync(SpanAction spoil, short[] expected, bool reseal = true) =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            byte[] batch = Batch();
            spoil(batch);
            if (reseal)
            {
                WireBatch.Seal(batch);
            }

            Assert.Contains(await ProduceAsync(batch), expected);
        });

    private async Task<short> ProduceAsync(byte[] records)
    {
        await using WireClient client = await WireClient.OpenAsync(fixture.Broker.Port);
        return (await client.ProduceAsync(HostileBroker.Kept, 0, records)).Error;
    }

    private static byte[] Batch() => WireBatch.Encode(["first", "second", "third"], timestampMs: 1, WireProducer.None);

    // One record whose value is nothing but zeros.
    private static byte[] Bomb(CompressionType codec, int valueBytes)
    {
        byte[] head = new WireWriter().Int8(0).Varint(0).Varint(0).Varint(-1).Varint(valueBytes).ToArray();
        byte[] length = new WireWriter().Varint(head.Length + valueBytes + 1).ToArray();
        byte[] records = [.. length, .. head, .. new byte[valueBytes + 1]];
        using var compressed = new PooledBufferWriter();
        CompressionCodecs.For(codec).Compress(records, compressed);
        byte[] batch = [.. Batch()[..WireBatch.HeaderBytes], .. compressed.WrittenSpan];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(LengthAt), batch.Length - 12);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(WireBatch.AttributesAt), (short)codec);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(LastOffsetDeltaAt), 0);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(WireBatch.RecordsCountAt), 1);
        WireBatch.Seal(batch);
        return batch;
    }

    private delegate void SpanAction(Span<byte> batch);
}
