using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class InitProducerIdHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Every_producer_has_an_id_of_its_own_and_epoch_0(short version)
    {
        var first = Client.Send(Idempotent(), version);
        var second = Client.Send(Idempotent(), version);

        Assert.Equal((ErrorCode.None, (short)0), (first.ErrorCode, first.ProducerEpoch));
        Assert.True(first.ProducerId >= 0);
        Assert.Equal(first.ProducerId + 1, second.ProducerId);
    }

    [Fact]
    public void Id_and_epoch_of_before_make_a_new_id_too()
    {
        var before = Client.Send(Idempotent(), 3).ProducerId;
        var request = Idempotent();
        (request.ProducerId, request.ProducerEpoch) = (before, 0);

        var answer = Client.Send(request, 3);

        Assert.Equal((ErrorCode.None, (short)0), (answer.ErrorCode, answer.ProducerEpoch));
        Assert.NotEqual(before, answer.ProducerId);
    }

    [Theory]
    [InlineData(5, -1)]
    [InlineData(-1, 0)]
    public void Half_of_id_and_epoch_is_an_invalid_request(long id, short epoch)
    {
        var request = Idempotent();
        (request.ProducerId, request.ProducerEpoch) = (id, epoch);

        var answer = Client.Send(request, 3);

        Assert.Equal(
            (ErrorCode.InvalidRequest, -1L, (short)-1), (answer.ErrorCode, answer.ProducerId, answer.ProducerEpoch));
    }

    [Theory]
    [InlineData("tx", ErrorCode.UnsupportedVersion)]
    [InlineData("", ErrorCode.InvalidRequest)]
    public void Transactional_ids_have_no_coordinator(string transactionalId, ErrorCode error)
    {
        var request = Idempotent();
        request.TransactionalId = transactionalId;

        Assert.Equal(error, Client.Send(request, 4).ErrorCode);
    }

    [Fact]
    public async Task Ids_are_unique_across_restarts_connections_and_blocks()
    {
        await using var broker = await TestBroker.StartAsync();
        var seen = new HashSet<long>();
        for (var run = 0; run < 3; run++)
        {
            var ids = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Take(broker, 500))));
            Assert.All(ids.SelectMany(taken => taken), id => Assert.True(seen.Add(id), $"{id} twice"));
            await broker.RestartAsync();
        }

        Assert.Equal(3 * 3 * 500, seen.Count);
    }

    private static List<long> Take(TestBroker broker, int count)
    {
        using var client = broker.Connect();
        return [.. Enumerable.Range(0, count).Select(_ => client.Send(Idempotent(), 4).ProducerId)];
    }

    private static InitProducerIdRequest Idempotent() => new() { TransactionalId = null, TransactionTimeoutMs = 60_000 };
}
