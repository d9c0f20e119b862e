using FastLog.Interop.Harness;
using FastLog.Interop.Wire;

namespace FastLog.Interop.Kcat;

/// <summary>A long text goes in through kcat and comes out of it as it was, in every codec.</summary>
public sealed class KcatRoundTripTests(KcatBroker fixture) : IClassFixture<KcatBroker>
{
    [Theory]
    [InlineData("none", 0)]
    [InlineData("gzip", 1)]
    [InlineData("snappy", 2)]
    [InlineData("lz4", 3)]
    [InlineData("zstd", 4)]
    public async Task A_long_text_comes_back_identical_and_in_order(string codec, int codecNumber)
    {
        IReadOnlyList<TextLine> sent = ReferenceText.Lines;
        Assert.True(sent.Count >= ReferenceText.LinesMin);
        var kcat = new KcatProgram(fixture.Broker);
        string topic = $"text-{codec}";

        await kcat.ProduceAsync(topic, ReferenceText.AsKeyTabValue(sent), "-K", "\\t", "-z", codec);
        IReadOnlyList<KcatRecord> received = await kcat.ConsumeAsync(topic);

        Assert.Equal(sent.Count, received.Count);
        AssertOffsetsHaveNoGaps(received);
        AssertOrderPerPartition(sent, received);
        Assert.Contains(codecNumber, await StoredCodecsAsync(topic));
    }

    // A client that does not find its codec among what the broker says it can do sends uncompressed without a word.
    private async Task<IReadOnlyList<int>> StoredCodecsAsync(string topic)
    {
        await using WireClient client = await WireClient.OpenAsync(fixture.Broker.Port);
        return WireBatch.Codecs((await client.FetchAsync(topic, 0, 0)).Records);
    }

    private static void AssertOffsetsHaveNoGaps(IReadOnlyList<KcatRecord> received)
    {
        var next = new long[KcatBroker.Partitions];
        foreach (KcatRecord record in received)
        {
            Assert.Equal(next[record.Partition]++, record.Offset);
        }

        Assert.All(next, records => Assert.NotEqual(0, records));
    }

    // A key stays in one partition, so a partition holds the lines of its keys in the order in which they were sent.
    // That holds for every partition and the counts agree: nothing is lost, changed, doubled or out of order.
    private static void AssertOrderPerPartition(IReadOnlyList<TextLine> sent, IReadOnlyList<KcatRecord> received)
    {
        var partitionOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (KcatRecord record in received)
        {
            partitionOf.TryAdd(record.Line.Key, record.Partition);
            Assert.Equal(partitionOf[record.Line.Key], record.Partition);
        }

        for (int partition = 0; partition < KcatBroker.Partitions; partition++)
        {
            TextLine[] expected = [.. sent.Where(line => partitionOf.GetValueOrDefault(line.Key, -1) == partition)];
            TextLine[] found = [.. received.Where(record => record.Partition == partition).Select(record => record.Line)];
            Assert.True(expected.AsSpan().SequenceEqual(found), FirstDifference(partition, expected, found));
        }
    }

    private static string FirstDifference(int partition, TextLine[] expected, TextLine[] found)
    {
        int same = expected.AsSpan().CommonPrefixLength(found);
        return $"Partition {partition}: {expected.Length} lines sent, {found.Length} received, the first {same} agree; then "
            + $"{expected.ElementAtOrDefault(same)} was sent and {found.ElementAtOrDefault(same)} received.";
    }
}
