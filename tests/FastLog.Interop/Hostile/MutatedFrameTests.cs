using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using FastLog.Interop.Harness;
using FastLog.Interop.Kcat;
using FastLog.Interop.Wire;
using FastLog.Protocol;
using FastLog.Records;
using Xunit.Abstractions;

namespace FastLog.Interop.Hostile;

/// <summary>A hundred thousand spoiled requests of every API the server has, and the server after them.</summary>
public sealed class MutatedFrameTests(ITestOutputHelper output)
{
    private const int Connections = 4;
    private const int SeedsPerVersion = 3;
    private const int MisframedMax = 1_000;

    /// <summary>The bound that the server's memory must keep to, whatever it is sent.</summary>
    private const long ResidentBytesMax = 512L << 20;

    private const string Kept = "kept";
    private const string Target = "target";

    private static int Frames =>
        int.Parse(Environment.GetEnvironmentVariable("FASTLOG_MUTATED_FRAMES") ?? "100000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task The_server_outlives_mutated_requests_of_all_its_apis()
    {
        Random random = TestSeed.Begin(output);
        // The records kept are of 1970: retention, half a minute after the start, would rightly take them.
        await using BrokerProcess broker = await BrokerProcess.StartAsync("auto.create.topics.enable=false", "log.retention.ms=-1");
        IReadOnlyList<WireRecord> before = await PrepareAsync(broker);
        List<byte[]> seeds = await SeedsAsync(broker, random);

        var count = new StormCount();
        long begin = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ =>
        {
            var mutator = new FrameMutator(seeds, new Random(random.Next()));
            return Task.Run(() => new FrameStorm(broker.Port, count).RunAsync(mutator.Next, Frames / Connections));
        }));
        await MisframeAsync(broker, seeds, random);

        output.WriteLine($"{seeds.Count} seeds; {count} in {Stopwatch.GetElapsedTime(begin).TotalSeconds:F1} s; "
            + $"server's memory {broker.Figures.ResidentBytesPeak >> 20} MiB at most, {broker.Figures.ResidentBytes >> 20} MiB now");
        Assert.True(broker.IsRunning, $"The server ended. It wrote:\n{broker.Output}");
        Assert.InRange(count.Frames, Frames, int.MaxValue);
        Assert.InRange(broker.Figures.ResidentBytesPeak, 0, ResidentBytesMax);
        HostileBroker.AssertNoStackTrace(broker);
        await AssertServesAsync(broker, before);
    }

    [Fact]
    public void The_seeds_of_mutations_are_valid_requests_with_their_fields_set()
    {
        var requests = new ValidRequests(Target, Guid.NewGuid(), TestSeed.Begin(output));
        foreach (ApiInfo api in ApiCatalog.All)
        {
            for (short version = api.MinVersion; version <= api.MaxVersion; version++)
            {
                byte[] payload = requests.Payload(api, version);
                var reader = new MessageReader(new ReadOnlySequence<byte>(payload));
                RequestHeader header = RequestHeader.Decode(ref reader);
                Assert.Equal(new RequestHeader(api.Key, version, 0, "mutant"), header);
                ApiCatalog.CreateRequest(api.Key).Decode(ref reader, version);
                Assert.Equal(0, reader.Remaining);
            }
        }

        Assert.InRange(requests.Payload(ApiCatalog.Get(ApiKey.CreateTopics), 7).Length, 60, 1_000);
        Assert.InRange(requests.Payload(ApiCatalog.Get(ApiKey.Produce), 7).Length, 150, 2_000);
    }

    private static async Task<IReadOnlyList<WireRecord>> PrepareAsync(BrokerProcess broker)
    {
        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        foreach (string topic in new[] { Kept, Target })
        {
            Assert.Equal(WireErrors.None, await client.CreateTopicAsync(topic, 3));
            byte[] batch = WireBatch.Encode([.. Enumerable.Range(0, 100).Select(n => $"{topic} {n}")], timestampMs: 1, WireProducer.None);
            Assert.Equal(WireErrors.None, (await client.ProduceAsync(topic, 0, batch)).Error);
        }

        return await client.ReadAllAsync(Kept, 0);
    }

    private static async Task<List<byte[]>> SeedsAsync(BrokerProcess broker, Random random)
    {
        var requests = new ValidRequests(Target, TopicId(broker, Target), random);
        var seeds = new List<byte[]>();
        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        foreach ((short key, _, short versionMax) in await client.ApiVersionsAsync())
        {
            ApiInfo api = ApiCatalog.Get((ApiKey)key);
            for (short version = api.MinVersion; version <= versionMax; version++)
            {
                seeds.AddRange(Enumerable.Range(0, SeedsPerVersion).Select(_ => requests.Payload(api, version)));
            }
        }

        return seeds;
    }

    private static Guid TopicId(BrokerProcess broker, string topic)
    {
        string[] lines = File.ReadAllLines(Path.Combine(broker.Data.Path, $"{topic}-0", "partition.metadata"));
        const string label = "topic_id: ";
        return UuidText.Parse(lines.Single(line => line.StartsWith(label, StringComparison.Ordinal))[label.Length..].Trim());
    }

    // Sizes that do not fit what follows: everything behind them on the connection is taken for something else.
    private static async Task MisframeAsync(BrokerProcess broker, List<byte[]> seeds, Random random)
    {
        for (int round = 0; round < MisframedMax; round++)
        {
            byte[] payload = seeds[random.Next(seeds.Count)];
            int size = payload.Length + random.Next(-payload.Length, 100);
            using RawSocket socket = await RawSocket.OpenAsync(broker.Port);
            await socket.SendAsync(new WireWriter().Int32(size).Raw(payload).Raw(payload).ToArray());
            socket.EndSending();
            while (await socket.ReceiveAsync() is not null)
            {
                // Answers to what happened to be a request.
            }
        }
    }

    private static async Task AssertServesAsync(BrokerProcess broker, IReadOnlyList<WireRecord> before)
    {
        await using (WireClient client = await WireClient.OpenAsync(broker.Port))
        {
            Assert.Equal(before, await client.ReadAllAsync(Kept, 0));
            Assert.Equal(WireErrors.None, await client.CreateTopicAsync("afterwards", 1));
            byte[] batch = WireBatch.Encode(["still here"], timestampMs: 1, WireProducer.None);
            Assert.Equal(new Produced(WireErrors.None, 0), await client.ProduceAsync("afterwards", 0, batch));
        }

        // Whatever of the mutants was valid enough to be stored, another's client must be able to read to the end.
        await new KcatProgram(broker).RunAsync(
            ["-C", "-q", "-e", "-t", Target, "-o", "beginning", "-X", "check.crcs=true", "-X", "isolation.level=read_uncommitted"]);
    }
}
