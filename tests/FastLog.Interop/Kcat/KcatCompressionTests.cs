using FastLog.Interop.Harness;
using FastLog.Interop.Wire;

namespace FastLog.Interop.Kcat;

/// <summary>A topic with a codec of its own stores what kcat packed otherwise in that codec; the records stay what they were.</summary>
public sealed class KcatCompressionTests(KcatBroker fixture) : IClassFixture<KcatBroker>
{
    [Theory]
    [InlineData("uncompressed", "gzip", 0)]
    [InlineData("lz4", "gzip", 3)]
    [InlineData("zstd", "gzip", 4)]
    [InlineData("snappy", "none", 2)]
    [InlineData("gzip", "lz4", 1)]
    public async Task A_topics_codec_replaces_the_producers(string topicCodec, string producerCodec, int codecNumber)
    {
        TextLine[] sent = [.. ReferenceText.Lines.Take(5_000)];
        var kcat = new KcatProgram(fixture.Broker);
        string topic = $"stored-in-{topicCodec}";
        await using WireClient client = await WireClient.OpenAsync(fixture.Broker.Port);
        Assert.Equal(WireErrors.None, await client.CreateTopicAsync(topic, 1, ("compression.type", topicCodec)));

        await kcat.ProduceAsync(topic, ReferenceText.AsKeyTabValue(sent), "-K", "\\t", "-z", producerCodec);
        IReadOnlyList<KcatRecord> received = await kcat.ConsumeAsync(topic);

        Assert.Equal(sent, received.Select(record => record.Line));
        Assert.Equal(Enumerable.Range(0, sent.Length).Select(offset => (long)offset), received.Select(record => record.Offset));
        string log = Path.Combine(fixture.Broker.Data.Path, $"{topic}-0", "00000000000000000000.log");
        IReadOnlyList<int> codecs = WireBatch.Codecs(await ReadSharedAsync(log));
        Assert.NotEmpty(codecs);
        Assert.All(codecs, codec => Assert.Equal(codecNumber, codec));
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        await file.ReadExactlyAsync(bytes);
        return bytes;
    }
}
