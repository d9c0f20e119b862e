using FastLog.Interop.Harness;
using Xunit.Abstractions;

namespace FastLog.Interop.Groups;

/// <summary>A broker is killed under a live group and started again: the group goes on from its committed offsets.</summary>
public sealed class GroupBrokerKillTests(ITestOutputHelper output)
{
    private const int MembersCount = 3;
    private const int Rounds = 3;

    [Theory]
    [InlineData(GroupClient.KafkaJs)]
    [InlineData(GroupClient.PlatformaticConsumer)]
    public async Task A_group_goes_on_after_its_broker_was_killed(GroupClient client)
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(GroupStand.BrokerProperties);
        await using GroupStand stand = await GroupStand.StartAsync(output, broker, client, "surviving");
        await stand.JoinAsync(MembersCount);
        await stand.UntilSharedAsync();
        for (int round = 1; round <= Rounds; round++)
        {
            await KillAndRestartAsync(broker, stand);
            await stand.UntilSharedAsync();
        }

        await stand.UntilAllIsReadAsync();
    }

    [Theory]
    [InlineData(GroupClient.KafkaJs)]
    [InlineData(GroupClient.PlatformaticConsumer)]
    public async Task New_members_after_a_kill_of_all_begin_at_the_committed_offsets(GroupClient client)
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(GroupStand.BrokerProperties);
        await using GroupStand stand = await GroupStand.StartAsync(output, broker, client, "reborn");
        await stand.JoinAsync(MembersCount);
        await stand.UntilSharedAsync();
        await Task.WhenAll(stand.Running.Select(member => member.KillAsync()));
        long[] committed = await KillAndRestartAsync(broker, stand);
        int readsBefore = stand.Consumed.ReadsBelow(committed);
        Assert.Contains(committed, offset => offset > 0);

        await stand.JoinAsync(MembersCount);
        await stand.UntilSharedAsync();
        await stand.UntilAllIsReadAsync();
        Assert.Equal(readsBefore, stand.Consumed.ReadsBelow(committed));
    }

    // What the group had committed, by the broker's own word before its kill: after its start it must be there.
    private static async Task<long[]> KillAndRestartAsync(BrokerProcess broker, GroupStand stand)
    {
        long[] before = await stand.CommittedAsync();
        await broker.KillAsync();
        await broker.RestartAsync();
        long[] after = await stand.CommittedAsync();
        stand.Tell($"broker killed and started; committed were {string.Join(',', before)} and are {string.Join(',', after)}");
        Assert.All(before.Zip(after), offsets => Assert.True(offsets.Second >= offsets.First));
        return before;
    }
}
