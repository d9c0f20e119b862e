using FastLog.Load.Loads;
using FastLog.Load.Results;

namespace FastLog.Load.Tests.Groups;

/// <summary>The load of groups, against a whole broker.</summary>
public sealed class GroupLoadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Groups_become_stable_and_stay_so(bool isConsumerProtocol)
    {
        await using LoadedBroker broker = await LoadedBroker.StartAsync();
        GroupSettings settings = new()
        {
            GroupsCount = 8,
            MembersPerGroup = 3,
            ConnectionsCount = 4,
            HeartbeatIntervalMs = 50,
            IsConsumerProtocol = isConsumerProtocol,
        };
        LoadResult result = await new GroupLoad(broker.Target(7), settings, TimeSpan.FromSeconds(1))
            .RunAsync(CancellationToken.None).WaitAsync(Patience);

        GroupsSummary groups = result.Groups!;
        Assert.Equal(
            (isConsumerProtocol ? "consumer" : "classic", 8, 24, isConsumerProtocol ? 4 : 8),
            (groups.Protocol, groups.GroupsCount, groups.MembersCount, groups.ConnectionsCount));
        Assert.Empty(groups.ErrorsByName);
        Assert.Equal(0, groups.RestRebalancesCount);
        Assert.True(groups.FormingRebalancesCount >= 8);
        Assert.True(result.RecordsCount > 0);
        Assert.Equal(result.RecordsCount, result.AcknowledgementLatency!.Count);
        Assert.NotNull(result.Measured.Broker);
        Assert.NotNull(groups.ResidentBytesBefore);
        Assert.Equal(24, ResultJson.ReadResult(ResultJson.Write(result, isIndented: true)).Groups!.MembersCount);
    }

    [Fact]
    public async Task Groups_that_do_not_become_stable_are_a_failure_that_says_how_far_they_came()
    {
        await using LoadedBroker broker = await LoadedBroker.StartAsync();
        GroupSettings settings = new() { GroupsCount = 1, MembersPerGroup = 2, ConnectionsCount = 1, StableTimeoutMs = 1 };
        LoadFailedException failure = await Assert.ThrowsAsync<LoadFailedException>(() =>
            new GroupLoad(broker.Target(1), settings, TimeSpan.FromSeconds(1)).RunAsync(CancellationToken.None).WaitAsync(Patience));
        Assert.Contains("0 of 1 groups were stable after 1 ms", failure.Message, StringComparison.Ordinal);
    }
}
