using FastLog.Interop.Harness;
using Xunit.Abstractions;

namespace FastLog.Interop.Groups;

/// <summary>
/// Groups of clients we did not write, whose members join, leave and are killed while a producer writes: every
/// acknowledged record is consumed, and what was committed is where the next members begin.
/// </summary>
public sealed class GroupTests(GroupBroker fixture, ITestOutputHelper output) : IClassFixture<GroupBroker>
{
    /// <summary>Clients and how many members there are at the most, and librdkafka's newest where it is built.</summary>
    public static TheoryData<GroupClient, int> Clients
    {
        get
        {
            var clients = new TheoryData<GroupClient, int>
            {
                { GroupClient.KafkaJs, 1 },
                { GroupClient.KafkaJs, 3 },
                { GroupClient.KafkaJs, 5 },
                { GroupClient.PlatformaticClassic, 3 },
                { GroupClient.PlatformaticConsumer, 3 },
            };
            if (NodePackage.Confluent.IsInstalled)
            {
                clients.Add(GroupClient.ConfluentClassic, 3);
                clients.Add(GroupClient.ConfluentConsumer, 3);
            }

            return clients;
        }
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Every_record_is_consumed_while_members_come_and_go(GroupClient client, int membersCount)
    {
        await using GroupStand stand = await StartAsync(client, $"moving-{client}-{membersCount}");
        await stand.JoinAsync(1);
        await stand.UntilSharedAsync();
        if (membersCount > 1)
        {
            await stand.JoinAsync(membersCount - 1);
            await stand.UntilSharedAsync();
        }

        await stand.KillOneAsync();
        await stand.JoinAsync(1);
        await stand.UntilSharedAsync();
        if (membersCount > 1)
        {
            await stand.LeaveAsync(1);
            await stand.UntilSharedAsync();
        }

        await stand.UntilAllIsReadAsync();
        if (client == GroupClient.KafkaJs)
        {
            stand.Consumed.AssertOrder();
        }
    }

    [Theory]
    [InlineData(GroupClient.KafkaJs)]
    [InlineData(GroupClient.PlatformaticConsumer)]
    public async Task New_members_begin_where_the_last_ones_committed(GroupClient client)
    {
        await using GroupStand stand = await StartAsync(client, $"resumed-{client}");
        await stand.JoinAsync(2);
        await stand.UntilSharedAsync();
        await stand.UntilAllIsReadAsync();
        await stand.LeaveAsync(2);
        long[] ends = await stand.EndsAsync();
        Assert.Equal(ends, await stand.CommittedAsync());

        int readsBefore = stand.Consumed.ReadsBelow(ends);
        stand.WriteAgain();
        await stand.JoinAsync(2);
        await stand.UntilSharedAsync();
        IReadOnlyCollection<WrittenRecord> written = await stand.UntilAllIsReadAsync();
        await stand.LeaveAsync(2);
        Assert.All(written, record => Assert.True(record.Offset >= ends[record.Partition]));
        Assert.Equal(readsBefore, stand.Consumed.ReadsBelow(ends));
        Assert.Equal(await stand.EndsAsync(), await stand.CommittedAsync());
    }

    private Task<GroupStand> StartAsync(GroupClient client, string name) => GroupStand.StartAsync(output, fixture.Broker, client, name);
}
