using System.Security.Cryptography;
using System.Text;
using FastLog.Records;

namespace FastLog.Storage.Tests.Logs;

/// <summary>Batches that are not stored as they came: another compression.type, or records that are not numbered right.</summary>
public sealed class ReencodingTests
{
    private const long Now = ManualClock.StartMs;

    public static TheoryData<CompressionType, CompressionType> Pairs
    {
        get
        {
            TheoryData<CompressionType, CompressionType> pairs = [];
            foreach (CompressionType from in Enum.GetValues<CompressionType>())
            {
                foreach (CompressionType to in Enum.GetValues<CompressionType>())
                    pairs.Add(from, to);
            }
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_batch_is_stored_in_the_topics_codec_and_nothing_else_of_it_changes(CompressionType from, CompressionType to)
    {
        LogStand stand = new(config: new LogConfig { CompressionType = to });
        byte[] sent = Batch(from);
        stand.MustAppend(TestBatches.Make(1));
        AppendResult result = stand.MustAppend(sent, leaderEpoch: 4);
        Assert.Equal((1, 5), (result.BaseOffset, result.LastOffset));

        byte[] stored = stand.ReadAll()[1];
        RecordBatchView view = new(stored);
        Assert.True(view.IsCrcValid);
        Assert.Equal(to, view.Header.CompressionType);
        RecordBatchHeader expected = new RecordBatchView(sent).Header with
        {
            BaseOffset = 1,
            PartitionLeaderEpoch = 4,
            BatchLength = view.Header.BatchLength,
            Crc = view.Header.Crc,
            Attributes = (short)((new RecordBatchView(sent).Header.Attributes & ~RecordBatchHeader.CompressionMask) | (int)to),
        };
        Assert.Equal(expected, view.Header);
        Assert.Equal(Describe(sent, 1), Describe(stored, 0));
        if (from == to)
            Assert.Equal(TestBatches.Stored(sent, 1, 4), stored);
    }

    [Fact]
    public void Producer_leaves_every_codec_as_it_came()
    {
        LogStand stand = new();
        foreach (CompressionType codec in Enum.GetValues<CompressionType>())
        {
            long offset = stand.Log.LogEndOffset;
            byte[] sent = Batch(codec, producerId: 100 + (int)codec);
            stand.MustAppend(sent);
            Assert.Equal([TestBatches.Stored(sent, offset, 0)], stand.ReadAll(offset));
        }
    }

    [Fact]
    public void A_batch_packed_anew_is_the_same_batch_to_the_producers_sequence()
    {
        LogStand stand = new(config: new LogConfig { CompressionType = CompressionType.Lz4 });
        AppendResult first = stand.MustAppend(Batch(CompressionType.Gzip));
        AppendResult again = stand.MustAppend(Batch(CompressionType.Gzip));
        Assert.True(again.IsDuplicate);
        Assert.Equal((first.BaseOffset, first.LastOffset), (again.BaseOffset, again.LastOffset));
        Assert.Single(stand.ReadAll());
    }

    [Fact]
    public void Where_the_log_stamps_a_batch_packed_anew_is_stamped()
    {
        LogStand stand = new(config: new LogConfig
        {
            CompressionType = CompressionType.Zstd,
            MessageTimestampType = TimestampType.LogAppendTime,
        });
        stand.Clock.NowMs = Now + 5000;
        AppendResult result = stand.MustAppend(Batch(CompressionType.Gzip));
        Assert.Equal(Now + 5000, result.LogAppendTimeMs);
        RecordBatchView view = new(stand.ReadAll()[0]);
        Assert.True(view.IsCrcValid);
        Assert.Equal((TimestampType.LogAppendTime, Now + 5000), (view.Header.TimestampType, view.Header.MaxTimestamp));
        using PooledBufferWriter scratch = new();
        foreach (RecordView record in view.Records(scratch, int.MaxValue))
            Assert.Equal(Now + 5000, record.TimestampMs);
    }

    [Fact]
    public void The_size_in_the_topics_codec_is_held_against_max_message_bytes()
    {
        byte[] sent = TestBatches.Make(1, new string('x', 5000), compression: CompressionType.Gzip);
        LogStand stand = new(config: new LogConfig { CompressionType = CompressionType.None, MaxMessageBytes = 4000 });
        Assert.True(sent.Length < 1000);
        Assert.Equal(AppendError.MessageTooLarge, stand.Append(sent).Error);
        Assert.Equal(0, stand.Log.LogEndOffset);
        stand.Log.Config = stand.Config with { MaxMessageBytes = 6000 };
        stand.MustAppend(sent);
    }

    [Fact]
    public void The_size_in_the_topics_codec_is_held_against_segment_bytes()
    {
        byte[] packed = TestBatches.Make(1, new string('x', 5000), compression: CompressionType.Gzip);
        LogStand stand = new(config: new LogConfig { CompressionType = CompressionType.None, SegmentBytes = 4000 });
        Assert.Equal(AppendError.RecordListTooLarge, stand.Append(packed).Error);
        stand.Log.Config = stand.Config with { CompressionType = CompressionType.Gzip };
        stand.MustAppend(TestBatches.Make(1, new string('x', 5000)));
    }

    [Fact]
    public void Compression_levels_are_the_topics()
    {
        byte[] plain = TestBatches.Make(2000, "a text that repeats itself, and again");
        foreach ((LogConfig quick, LogConfig thorough) in ((LogConfig, LogConfig)[])
            [
                (new() { CompressionType = CompressionType.Gzip, CompressionGzipLevel = 1 }, new() { CompressionType = CompressionType.Gzip, CompressionGzipLevel = 9 }),
                (new() { CompressionType = CompressionType.Lz4 }, new() { CompressionType = CompressionType.Lz4, CompressionLz4Level = 17 }),
                (new() { CompressionType = CompressionType.Zstd, CompressionZstdLevel = -50 }, new() { CompressionType = CompressionType.Zstd, CompressionZstdLevel = 19 }),
            ])
        {
            Assert.True(StoredBytes(thorough) < StoredBytes(quick), $"{quick.CompressionType}");
        }

        long StoredBytes(LogConfig config)
        {
            LogStand stand = new(config: config);
            stand.MustAppend(plain);
            Assert.Equal(Describe(plain, 0), Describe(stand.ReadAll()[0], 0));
            return stand.Log.SizeInBytes;
        }
    }

    [Fact]
    public void A_compressed_batch_whose_records_are_not_numbered_right_is_numbered()
    {
        LogStand stand = new();
        byte[] sent = Misnumbered(CompressionType.Gzip);
        AppendResult result = stand.MustAppend(sent);
        Assert.Equal((0, 2), (result.BaseOffset, result.LastOffset));
        byte[] stored = stand.ReadAll()[0];
        Assert.Equal(CompressionType.Gzip, new RecordBatchView(stored).Header.CompressionType);
        using PooledBufferWriter scratch = new();
        List<string> records = [];
        foreach (RecordView record in new RecordBatchView(stored).Records(scratch, int.MaxValue))
            records.Add($"{record.Offset} {Encoding.UTF8.GetString(record.Value)}");
        Assert.Equal(["0 a", "1 b", "2 c"], records);
    }

    [Fact]
    public void A_plain_batch_whose_records_are_not_numbered_right_is_refused()
    {
        LogStand stand = new();
        AppendResult result = stand.Append(Misnumbered(CompressionType.None));
        Assert.Equal(AppendError.InvalidRecord, result.Error);
        Assert.Equal([0], result.RecordErrors!.Select(error => error.RecordIndex));
    }

    private static byte[] Batch(CompressionType compression, long producerId = 77)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(compression: compression, producerId: producerId, producerEpoch: 3, baseSequence: 11, isTransactional: true);
        builder.TryAppend(Now, "key"u8, "value"u8);
        builder.TryAppend(Now - 500, default, keyIsNull: true, "keyless"u8, valueIsNull: false);
        builder.TryAppend(Now + 20, "tombstone"u8, keyIsNull: false, default, valueIsNull: true);
        builder.TryAppend(Now, ""u8, ""u8);
        builder.TryAppend(Now, "k"u8, false, new string('x', 300_000).Select(c => (byte)c).ToArray(), false,
            [new RecordHeader("h"u8.ToArray(), "v"u8.ToArray()), new RecordHeader("n"u8.ToArray())]);
        return builder.Build().ToArray();
    }

    // Numbered 2, 5, 6, as if something had been taken away in front and between.
    private static byte[] Misnumbered(CompressionType compression)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(compression: compression);
        builder.TryAppendAt(2, Now, "k"u8, false, "a"u8, false);
        builder.TryAppendAt(5, Now, "k"u8, false, "b"u8, false);
        builder.TryAppendAt(6, Now, "k"u8, false, "c"u8, false);
        byte[] batch = builder.Build().ToArray();
        batch[RecordBatchHeader.LastOffsetDeltaOffset + 3] = 2;
        RecordBatchHeader.RecomputeCrc(batch);
        return batch;
    }

    private static List<string> Describe(byte[] batch, long addedOffset)
    {
        using PooledBufferWriter scratch = new();
        List<string> lines = [];
        foreach (RecordView record in new RecordBatchView(batch).Records(scratch, int.MaxValue))
        {
            lines.Add(
                $"{record.Offset + addedOffset} {record.TimestampMs} {record.KeyIsNull} {Convert.ToHexString(record.Key)} {record.ValueIsNull} "
                + $"{record.Value.Length} {Convert.ToHexString(SHA256.HashData(record.Value))} {record.HeaderCount} {Convert.ToHexString(record.HeaderBytes)}");
        }
        return lines;
    }
}
