using System.Buffers;

namespace FastLog.Records.Tests;

/// <summary>Sound batches, damaged: whatever comes, the answer is an error code or the room's one exception.</summary>
public class MutationTests
{
    private const int SizeMaxBytes = 1 << 20;

    [Fact]
    public void Damaged_batches_with_a_good_checksum_never_do_worse_than_the_rooms_exception() =>
        Seeded.Run(200, random =>
        {
            foreach (CompressionType codec in TestBatch.Codecs)
            {
                (byte[] batch, _) = TestBatch.Random(random, codec);
                byte[] damaged = Damage(random, batch);
                if (damaged.Length >= RecordBatchHeader.SizeInBytes)
                {
                    RecordBatchHeader.RecomputeCrc(damaged);
                }

                ValidateAndRead(random, damaged);
            }
        });

    [Fact]
    public void Validator_and_enumerator_agree_on_what_is_a_record() =>
        Seeded.Run(1000, random =>
        {
            (byte[] batch, _) = TestBatch.Random(random, CompressionType.None);
            byte[] damaged = TestBatch.With(batch, b => b[random.Next(61, b.Length)] = (byte)random.Next(256));
            bool isRead = TryReadAll(damaged);
            BatchError error = RecordBatchValidator.Check(new ReadOnlySequence<byte>(damaged), TestBatch.Header(damaged));
            Assert.Equal(isRead, error is BatchError.None or BatchError.BadOffsetDelta);
        });

    [Fact]
    public void Damaged_packed_bytes_never_do_worse_than_the_rooms_exception() =>
        Seeded.Run(800, random =>
        {
            foreach (CompressionType type in TestBatch.Codecs)
            {
                using PooledBufferWriter packed = new();
                using PooledBufferWriter output = new();
                ICompressionCodec codec = CompressionCodecs.For(type);
                codec.Compress(random.PackableBytes(random.Next(3000)), packed);
                byte[] damaged = Damage(random, packed.WrittenSpan.ToArray());
                try
                {
                    codec.Decompress(Segments.CutAtRandom(damaged, random, 3), output, SizeMaxBytes);
                }
                catch (RecordFormatException)
                {
                }

                Assert.InRange(output.WrittenCount, 0, SizeMaxBytes);
                Assert.InRange(output.Capacity, 0, 2 * SizeMaxBytes);
            }
        });

    [Fact]
    public void Noise_never_does_worse_than_the_rooms_exception() =>
        Seeded.Run(2000, random =>
        {
            byte[] noise = random.Bytes(random.Next(400));
            foreach (CompressionType type in TestBatch.Codecs)
            {
                ValidateAndRead(random, TestBatch.Around(noise, random.Next(1, 20), type));
            }

            ValidateAndRead(random, noise);
        });

    private static void ValidateAndRead(Random random, byte[] bytes)
    {
        if (RecordBatchHeader.TryRead(bytes, out RecordBatchHeader header))
        {
            BatchCheckOptions options = (random.Next(2) == 0 ? BatchCheckOptions.Client : BatchCheckOptions.Replicated) with
            {
                Walk = RecordWalk.All,
                DecompressedSizeMaxBytes = SizeMaxBytes,
            };
            BatchError whole = RecordBatchValidator.Check(new ReadOnlySequence<byte>(bytes), header, options, out BatchSummary summary);
            BatchError cut = RecordBatchValidator.Check(Segments.CutAtRandom(bytes, random, 6), header, options, out BatchSummary cutSummary);
            Assert.Equal(whole, cut);
            Assert.Equal(summary, cutSummary);
        }

        TryReadAll(bytes);
    }

    private static bool TryReadAll(byte[] bytes)
    {
        try
        {
            TestRecord.ReadAll(bytes, SizeMaxBytes);
            return true;
        }
        catch (RecordFormatException)
        {
            return false;
        }
    }

    private static byte[] Damage(Random random, byte[] bytes)
    {
        byte[] damaged = random.Next(4) switch
        {
            0 => bytes[..random.Next(bytes.Length + 1)],
            1 => [.. bytes, .. random.Bytes(random.Next(1, 30))],
            _ => [.. bytes],
        };
        int changes = random.Next(6);
        for (int i = 0; i < changes && damaged.Length > 0; i++)
        {
            int at = random.Next(damaged.Length);
            damaged[at] = random.Next(3) switch
            {
                0 => 0xff,
                1 => (byte)(damaged[at] ^ (1 << random.Next(8))),
                _ => (byte)random.Next(256),
            };
        }

        return damaged;
    }
}
