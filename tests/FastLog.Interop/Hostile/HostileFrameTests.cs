using FastLog.Interop.Harness;
using FastLog.Interop.Wire;
using Xunit.Abstractions;

namespace FastLog.Interop.Hostile;

/// <summary>Frames that are none, lengths that lie, requests nobody knows: answered or closed, nothing stored, little memory.</summary>
public sealed class HostileFrameTests(HostileBroker fixture, ITestOutputHelper output) : IClassFixture<HostileBroker>
{
    private const long GrowthBytesMax = 128 << 20;
    private const short ApiVersionsKey = 18;

    private int Port => fixture.Broker.Port;

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(104_857_601)]
    [InlineData(0)]
    [InlineData(7)]
    public Task A_length_that_no_request_has_closes_the_connection(int length) =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            byte[] bytes = new WireWriter().Int32(length).Raw(new byte[64]).ToArray();
            Assert.Null(await RawSocket.ExchangeAsync(Port, bytes));
        });

    [Fact]
    public Task Frames_that_never_end_cost_what_was_sent_and_not_what_was_announced() =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            const int connections = 300;
            const int announced = 100 << 20;
            long before = fixture.Broker.Figures.ResidentBytes;
            var sockets = new List<RawSocket>();
            try
            {
                byte[] beginning = new WireWriter().Int32(announced).Int16(0).Int16(7).Raw(new byte[2_000]).ToArray();
                for (int index = 0; index < connections; index++)
                {
                    sockets.Add(await RawSocket.OpenAsync(Port));
                    await sockets[^1].SendAsync(beginning);
                }

                // Whoever comes after them is served all the same.
                Assert.NotNull(await RawSocket.ExchangeAsync(Port, RawSocket.Frame(ApiVersionsKey, 0, [])));
                long growth = fixture.Broker.Figures.ResidentBytes - before;
                output.WriteLine($"{connections} frames of {announced} bytes begun: {growth >> 20} MiB more");
                Assert.InRange(growth, long.MinValue, GrowthBytesMax);
            }
            finally
            {
                sockets.ForEach(socket => socket.Dispose());
            }
        });

    [Fact]
    public Task Random_bytes_are_answered_or_closed() =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            Random random = TestSeed.Begin(output);
            for (int round = 0; round < 500; round++)
            {
                byte[] bytes = new byte[random.Next(1, 4_000)];
                random.NextBytes(bytes);
                using RawSocket socket = await RawSocket.OpenAsync(Port);
                await socket.SendAsync(bytes);
                socket.EndSending();
                await ReceiveToTheEndAsync(socket);
            }
        });

    [Fact]
    public Task Random_bytes_in_a_frame_are_answered_or_closed() =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            Random random = TestSeed.Begin(output);
            for (int round = 0; round < 500; round++)
            {
                byte[] payload = new byte[random.Next(0, 2_000)];
                random.NextBytes(payload);
                using RawSocket socket = await RawSocket.OpenAsync(Port);
                await socket.SendAsync(new WireWriter().Bytes(payload).ToArray());
                socket.EndSending();
                await ReceiveToTheEndAsync(socket);
            }
        });

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(999)]
    [InlineData(short.MaxValue)]
    public Task An_api_nobody_knows_closes_the_connection(short apiKey) =>
        fixture.AssertStoresNothingAsync(async () =>
            Assert.Null(await RawSocket.ExchangeAsync(Port, RawSocket.Frame(apiKey, 0, new byte[32]))));

    [Theory]
    [InlineData(0, -1)]
    [InlineData(0, 1)]
    [InlineData(0, 999)]
    [InlineData(1, 3)]
    [InlineData(3, short.MaxValue)]
    [InlineData(19, 1)]
    public Task A_version_nobody_serves_closes_the_connection(short apiKey, short version) =>
        fixture.AssertStoresNothingAsync(async () =>
            Assert.Null(await RawSocket.ExchangeAsync(Port, RawSocket.Frame(apiKey, version, new byte[32]))));

    [Theory]
    [InlineData(99)]
    [InlineData(short.MaxValue)]
    public async Task A_client_too_new_is_told_which_versions_there_are(short version)
    {
        // No tagged fields in the header, then name and version of the client, compact, and no tagged fields again.
        byte[] body = [0, 2, (byte)'n', 2, (byte)'1', 0];
        byte[]? answer = await RawSocket.ExchangeAsync(Port, RawSocket.Frame(ApiVersionsKey, version, body, correlationId: 77));

        var reader = new WireReader(answer);
        Assert.Equal(77, reader.Int32());
        Assert.Equal(WireErrors.UnsupportedVersion, reader.Int16());
        var keys = new List<short>();
        for (int count = reader.Int32(); count > 0; count--)
        {
            keys.Add(reader.Int16());
            reader.Int32();
        }

        Assert.Contains(ApiVersionsKey, keys);
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public Task Bytes_behind_a_request_are_ignored_as_kafka_does() =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            byte[] allTopics = new WireWriter().Int32(-1).Raw([1, 2, 3]).ToArray();
            Assert.NotNull(await RawSocket.ExchangeAsync(Port, RawSocket.Frame(3, 1, allTopics)));
        });

    [Fact]
    public Task An_array_that_says_it_is_huge_reserves_nothing() =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            long before = fixture.Broker.Figures.ResidentBytes;
            byte[] topics = new WireWriter().Int32(int.MaxValue).Raw(new byte[100]).ToArray();
            for (int round = 0; round < 100; round++)
            {
                Assert.Null(await RawSocket.ExchangeAsync(Port, RawSocket.Frame(3, 1, topics)));
            }

            Assert.InRange(fixture.Broker.Figures.ResidentBytes - before, long.MinValue, GrowthBytesMax);
        });

    private static async Task ReceiveToTheEndAsync(RawSocket socket)
    {
        while (await socket.ReceiveAsync() is not null)
        {
            // Answers to what happened to be a request.
        }
    }
}
