using System.IO.Compression;
using FastLog.Load.Loads;

namespace FastLog.Load.Tests;

public sealed class RecordPayloadsTests
{
    [Fact]
    public void Values_are_printable_of_the_asked_size_and_unlike_their_neighbour()
    {
        RecordPayloads payloads = new(100, seed: 1);
        byte[] last = payloads.Next().ToArray();
        for (int i = 0; i < 70_000; i++)
        {
            byte[] value = payloads.Next().ToArray();
            Assert.Equal(100, value.Length);
            Assert.False(value.AsSpan().SequenceEqual(last));
            last = value;
        }

        Assert.All(last, character => Assert.InRange(character, (byte)'!', (byte)'~'));
    }

    [Fact]
    public void A_seed_gives_the_same_values_and_another_seed_others()
    {
        byte[] value = new RecordPayloads(64, seed: 5).Next().ToArray();
        Assert.Equal(value, new RecordPayloads(64, seed: 5).Next().ToArray());
        Assert.NotEqual(value, new RecordPayloads(64, seed: 6).Next().ToArray());
    }

    [Fact]
    public void A_batch_of_values_packs_no_better_than_its_characters_allow()
    {
        RecordPayloads payloads = new(100, seed: 1);
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            // About a batch: 160 values that do not overlap enough to be found again.
            for (int i = 0; i < 160; i++)
            {
                gzip.Write(payloads.Next());
            }
        }

        Assert.InRange(packed.Length, 16_000 * 7 / 10, 16_000);
    }

    [Fact]
    public void Making_a_value_allocates_nothing()
    {
        RecordPayloads payloads = new(100, seed: 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int bytes = 0;
        for (int i = 0; i < 10_000; i++)
        {
            bytes += payloads.Next().Length;
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(1_000_000, bytes);
    }
}
