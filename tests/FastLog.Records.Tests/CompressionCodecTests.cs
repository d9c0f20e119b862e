using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace FastLog.Records.Tests;

public class CompressionCodecTests
{
    private const int SizeMaxBytes = 64 << 20;

    public static TheoryData<CompressionType> Types => new(TestBatch.Codecs);

    public static TheoryData<CompressionType> PackingTypes => new(TestBatch.Codecs.Where(t => t != CompressionType.None));

    private static byte[] Pack(CompressionType type, ReadOnlySpan<byte> plain)
    {
        using PooledBufferWriter packed = new();
        CompressionCodecs.For(type).Compress(plain, packed);
        return packed.WrittenSpan.ToArray();
    }

    private static byte[] Unpack(CompressionType type, ReadOnlySpan<byte> packed, int sizeMaxBytes = SizeMaxBytes)
    {
        using PooledBufferWriter plain = new();
        CompressionCodecs.For(type).Decompress(packed, plain, sizeMaxBytes);
        return plain.WrittenSpan.ToArray();
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Bytes_of_every_kind_and_size_come_back(CompressionType type)
    {
        Assert.Equal(type, CompressionCodecs.For(type).Type);
        Assert.True(CompressionCodecs.For(type).IsAvailable(out string reason), reason);
        Seeded.Run(60, random =>
        {
            int length = random.Next(4) switch { 0 => random.Next(20), 1 => random.Next(300_000), _ => random.Next(5000) };
            byte[] plain = random.Next(3) switch { 0 => random.Bytes(length), 1 => new byte[length], _ => random.PackableBytes(length) };
            byte[] packed = Pack(type, plain);
            Assert.True(plain.AsSpan().SequenceEqual(Unpack(type, packed)));
            using PooledBufferWriter fromSegments = new();
            CompressionCodecs.For(type).Decompress(Segments.CutAtRandom(packed, random, 20), fromSegments, SizeMaxBytes);
            Assert.True(plain.AsSpan().SequenceEqual(fromSegments.WrittenSpan));
        });
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Segments_of_one_byte_are_unpacked(CompressionType type)
    {
        byte[] plain = new Random(3).PackableBytes(3000);
        using PooledBufferWriter output = new();
        CompressionCodecs.For(type).Decompress(Segments.CutEverywhere(Pack(type, plain)), output, SizeMaxBytes);
        Assert.Equal(plain, output.WrittenSpan.ToArray());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Output_up_to_the_bound_is_given_and_beyond_it_refused(CompressionType type)
    {
        foreach (int length in (int[])[1, 100, 4096, 65536, 200_000])
        {
            byte[] packed = Pack(type, new byte[length]);
            Assert.Equal(length, Unpack(type, packed, length).Length);
            RecordFormatException e = Assert.Throws<RecordFormatException>(() => Unpack(type, packed, length - 1));
            Assert.True(e.IsSizeExceeded);
        }
    }

    [Theory]
    [MemberData(nameof(PackingTypes))]
    public void Input_cut_off_anywhere_is_refused(CompressionType type)
    {
        byte[] packed = Pack(type, new Random(7).PackableBytes(1500));
        for (int length = 0; length < packed.Length; length++)
        {
            // An xerial stream cut before its first block is a sound stream of nothing.
            if (type != CompressionType.Snappy || length != 16)
            {
                Assert.Throws<RecordFormatException>(() => Unpack(type, packed.AsSpan(0, length)));
            }
        }
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Streams_in_a_row_are_read_as_one(CompressionType type)
    {
        byte[] first = new Random(1).PackableBytes(40_000);
        byte[] second = new Random(2).PackableBytes(10);
        byte[] packed = [.. Pack(type, first), .. Pack(type, []), .. Pack(type, second)];
        Assert.Equal([.. first, .. second], Unpack(type, packed));
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void Bytes_after_the_end_are_refused(CompressionType type) =>
        Assert.Throws<RecordFormatException>(() => Unpack(type, [.. Pack(type, new byte[100]), 1, 2, 3]));

    [Fact]
    public void A_small_input_with_large_promises_costs_no_memory()
    {
        // A zstd frame that declares 2^40 bytes in a window of 128 MiB, and holds one raw block of three.
        byte[] zstd = [0x28, 0xb5, 0x2f, 0xfd, 0xc0, 0x88, 0, 0, 0, 0, 0, 1, 0, 0, 0x19, 0, 0, 1, 2, 3];
        byte[] snappy = [0xff, 0xff, 0xff, 0xff, 0x07, 0x08, 1, 2, 3];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<RecordFormatException>(() => Unpack(CompressionType.Zstd, zstd, int.MaxValue));
        Assert.Throws<RecordFormatException>(() => Unpack(CompressionType.Snappy, snappy, int.MaxValue));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Lz4_is_written_as_Java_clients_write_it()
    {
        byte[] packed = Pack(CompressionType.Lz4, new byte[200_000]);
        Assert.Equal("04224d18604082", Convert.ToHexStringLower(packed.AsSpan(0, 7)));
        Assert.Equal("00000000", Convert.ToHexStringLower(packed.AsSpan(packed.Length - 4)));
    }

    [Fact]
    public void Lz4_blocks_that_depend_on_each_other_are_refused()
    {
        // As `lz4 -BD` would start: the independence bit is off, the header checksum right.
        byte[] linked = [0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0xc0, 1, 0, 0, 0x80, 7, 0, 0, 0, 0];
        Assert.Throws<RecordFormatException>(() => Unpack(CompressionType.Lz4, linked));
    }

    [Fact]
    public void Snappy_is_written_in_xerial_framing_of_32_KiB()
    {
        byte[] packed = Pack(CompressionType.Snappy, new Random(1).Bytes(40_000));
        Assert.Equal("82534e41505059000000000100000001", Convert.ToHexStringLower(packed.AsSpan(0, 16)));
        int firstLength = BinaryPrimitives.ReadInt32BigEndian(packed.AsSpan(16));
        Assert.Equal(32 * 1024, IronSnappy.Snappy.Decode(packed.AsSpan(20, firstLength)).Length);
    }

    [Fact]
    public void Snappy_blocks_agree_with_anothers_implementation() =>
        Seeded.Run(200, random =>
        {
            byte[] plain = random.Next(5) == 0 ? random.Bytes(random.Next(3000)) : random.PackableBytes(random.Next(60_000));
            byte[] theirs = IronSnappy.Snappy.Encode(plain);
            Assert.True(plain.AsSpan().SequenceEqual(Unpack(CompressionType.Snappy, theirs)));
            byte[] ours = new byte[SnappyBlock.CompressedSizeMaxBytes(plain.Length)];
            int size = SnappyBlock.Compress(plain, ours);
            Assert.True(plain.AsSpan().SequenceEqual(IronSnappy.Snappy.Decode(ours.AsSpan(0, size))));
        });

    [Theory]
    [InlineData("")] // No length.
    [InlineData("05")] // No data.
    [InlineData("0500aa")] // Short.
    [InlineData("0108aabbcc")] // Long.
    [InlineData("040100")] // Copy from before the start.
    [InlineData("0500aa0100")] // Copy at distance 0.
    [InlineData("0500aa0102")] // Copy from further back than there is.
    [InlineData("0500aa0f00000080")] // Copy at a negative distance.
    [InlineData("02fcffffffff")] // Literal of 4 GiB.
    [InlineData("02f4ff")] // Literal whose length is cut off.
    [InlineData("0500aa0e01")] // Copy whose distance is cut off.
    public void Corrupt_snappy_blocks_are_refused(string hex) =>
        Assert.Throws<RecordFormatException>(() => Unpack(CompressionType.Snappy, Convert.FromHexString(hex)));

    [Fact]
    public void Gzip_is_readable_to_others_even_when_empty()
    {
        foreach (byte[] plain in (byte[][])[[], [1, 2, 3]])
        {
            using GZipStream gzip = new(new MemoryStream(Pack(CompressionType.Gzip, plain)), CompressionMode.Decompress);
            using MemoryStream read = new();
            gzip.CopyTo(read);
            Assert.Equal(plain, read.ToArray());
        }
    }

    [Fact]
    public void A_codec_without_its_library_says_so_and_harms_nobody()
    {
        NativeCodecLibrary absent = new("lz4", "libno-such-library.so.9", "libno-such-package9", "no_symbol");
        NativeCodecLibrary tooOld = new("zstd", ZstdNative.FileName, "libzstd1", "ZSTD_of_the_far_future");
        foreach ((ICompressionCodec codec, string package) in ((ICompressionCodec, string)[])[(new Lz4Codec(absent), "libno-such-package9"), (new ZstdCodec(tooOld), "libzstd1")])
        {
            Assert.False(codec.IsAvailable(out string reason));
            Assert.Contains(package, reason, StringComparison.Ordinal);
            using PooledBufferWriter output = new();
            Assert.Equal(reason, Assert.Throws<NotSupportedException>(() => codec.Compress([1], output)).Message);
            Assert.Equal(reason, Assert.Throws<NotSupportedException>(() => codec.Decompress([1], output, 10)).Message);
            Assert.Throws<NotSupportedException>(() => codec.Decompress(default(ReadOnlySequence<byte>), output, 10));
        }
    }

    [Fact]
    public void Types_that_are_not_assigned_have_no_codec()
    {
        Assert.False(CompressionCodecs.TryGet((CompressionType)5, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => CompressionCodecs.For((CompressionType)7));
        Assert.Equal(TestBatch.Codecs, CompressionCodecs.All.Select(c => c.Type));
    }
}
