using System.IO.Compression;
using FastLog.Load.Payloads;

namespace FastLog.Load.Tests.Payloads;

public sealed class RecordPayloadsTests
{
    [Theory]
    [InlineData(PayloadKind.Random, 100)]
    [InlineData(PayloadKind.Text, 100)]
    [InlineData(PayloadKind.Json, 100)]
    [InlineData(PayloadKind.Random, 200_000)]
    [InlineData(PayloadKind.Text, 200_000)]
    public void Values_are_printable_of_the_asked_size_and_unlike_their_neighbour(PayloadKind kind, int size)
    {
        RecordPayloads payloads = Make(kind, RecordSizes.Fixed(size), seed: 1);
        byte[] last = payloads.Next().ToArray();
        for (int i = 0; i < 20_000_000 / size; i++)
        {
            ReadOnlySpan<byte> value = payloads.Next();
            Assert.Equal(size, value.Length);
            Assert.False(value.SequenceEqual(last));
            last = value.ToArray();
        }

        Assert.DoesNotContain(last, character => character is not ((byte)'\n' or (>= (byte)' ' and <= (byte)'~')));
    }

    [Theory]
    [InlineData(PayloadKind.Random)]
    [InlineData(PayloadKind.Text)]
    [InlineData(PayloadKind.Json)]
    public void A_seed_gives_the_same_values_and_another_seed_others(PayloadKind kind)
    {
        RecordSizes sizes = new(50, 1500);
        byte[][] values = Take(Make(kind, sizes, seed: 5), 100);
        Assert.Equal(values, Take(Make(kind, sizes, seed: 5), 100));
        Assert.NotEqual(values, Take(Make(kind, sizes, seed: 6), 100));
        Assert.NotEqual(values, Take(Make(kind, sizes, seed: 5, user: 1), 100));
    }

    [Theory]
    [InlineData(PayloadKind.Random, 0.70, 1.00)]
    [InlineData(PayloadKind.Text, 0.18, 0.45)]
    [InlineData(PayloadKind.Json, 0.18, 0.50)]
    public void A_batch_of_values_packs_as_such_values_do(PayloadKind kind, double least, double most)
    {
        RecordPayloads payloads = Make(kind, RecordSizes.Fixed(200), seed: 1);
        using MemoryStream packed = new();
        int size = 0;
        using (GZipStream gzip = new(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int i = 0; i < 600; i++)
            {
                ReadOnlySpan<byte> value = payloads.Next();
                size += value.Length;
                gzip.Write(value);
            }
        }

        Assert.InRange((double)packed.Length / size, least, most);
    }

    [Fact]
    public void Lines_start_where_a_line_starts()
    {
        RecordPayloads payloads = Make(PayloadKind.Json, RecordSizes.Fixed(300), seed: 3);
        Assert.All(Take(payloads, 1000), value => Assert.StartsWith("{\"id\":\"", System.Text.Encoding.ASCII.GetString(value), StringComparison.Ordinal));
    }

    [Fact]
    public void Sizes_between_two_bounds_are_all_drawn_and_equally_often()
    {
        RecordPayloads payloads = Make(PayloadKind.Random, new RecordSizes(10, 19), seed: 1);
        int[] counts = new int[20];
        for (int i = 0; i < 10_000; i++)
        {
            counts[payloads.Next().Length]++;
        }

        Assert.All(counts[..10], count => Assert.Equal(0, count));
        Assert.All(counts[10..], count => Assert.InRange(count, 800, 1200));
    }

    [Fact]
    public void Making_a_value_allocates_nothing()
    {
        RecordPayloads payloads = Make(PayloadKind.Text, new RecordSizes(10, 500), seed: 1);
        int bytes = payloads.Next().Length;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            bytes += payloads.Next().Length;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(bytes > 1_000_000);
    }

    private static RecordPayloads Make(PayloadKind kind, RecordSizes sizes, int seed, int user = 0) =>
        new(RecordPayloads.StretchFor(kind, sizes, isPacked: true, seed), sizes, seed, user);

    private static byte[][] Take(RecordPayloads payloads, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => payloads.Next().ToArray())];
}
