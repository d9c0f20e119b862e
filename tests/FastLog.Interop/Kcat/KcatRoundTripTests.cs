using FastLog.Interop.Harness;

namespace FastLog.Interop.Kcat;

/// <summary>A long text goes in through kcat and comes out of it as it was, in every codec.</summary>
public sealed class KcatRoundTripTests(KcatBroker fixture) : IClassFixture<KcatBroker>
{
    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task A_long_text_comes_back_identical_and_in_order(string codec)
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
