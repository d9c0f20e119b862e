using FastLog.Load.Loads;
using FastLog.Load.Results;

namespace FastLog.Load.Tests.Groups;

/// <summary>The load that commits, against a whole broker.</summary>
public sealed class CommitLoadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(null)]
    [InlineData(2_000.0)]
    public async Task Every_commit_is_counted_once_and_kept(double? rate)
    {
        await using LoadedBroker broker = await LoadedBroker.StartAsync();
        CommitSettings settings = new()
        {
            ConnectionsCount = 3,
            GroupsCount = 20,
            PartitionsCount = 2,
            RateCommitsPerSecond = rate,
            InFlightMax = rate is null ? 4 : 100,
        };
        LoadExtent extent = new() { RecordsCount = 1_001, WarmupRecordsCount = 50 };
        LoadResult result = await new CommitLoad(broker.Target(2), settings, extent).RunAsync(CancellationToken.None).WaitAsync(Patience);

        Assert.Equal((LoadKind.Commits, 1_001L, 3), (result.Kind, result.RecordsCount, result.Commits!.ConnectionsCount));
        Assert.Equal(1_001, result.AcknowledgementLatency!.Count);
        Assert.Equal(1_001, result.Timeline.Sum(sample => sample.ProducedRecordsCount));
        Assert.Equal(20 * 2, result.Commits.OffsetsVerifiedCount);
        Assert.Empty(result.Commits.ErrorsByName);
        Assert.Equal(rate is null, result.Pacing is null);
        Assert.Equal(40, ResultJson.ReadResult(ResultJson.Write(result, isIndented: true)).Commits!.OffsetsVerifiedCount);
    }

    [Fact]
    public async Task Commits_that_are_refused_are_errors_by_name_and_no_commits()
    {
        await using LoadedBroker broker = await LoadedBroker.StartAsync();
        // The topic has one partition, and each commit is of two.
        CommitSettings settings = new() { ConnectionsCount = 1, GroupsCount = 1, PartitionsCount = 2, InFlightMax = 1 };
        LoadExtent extent = new() { RecordsCount = 5 };
        LoadResult result = await new CommitLoad(broker.Target(1), settings, extent).RunAsync(CancellationToken.None).WaitAsync(Patience);
        Assert.Equal(0, result.RecordsCount);
        Assert.Equal(5, Assert.Single(result.Commits!.ErrorsByName, error => error.Key == "UNKNOWN_TOPIC_OR_PARTITION").Value);
    }

    [Fact]
    public async Task A_time_ends_a_closed_loop()
    {
        await using LoadedBroker broker = await LoadedBroker.StartAsync();
        CommitSettings settings = new() { ConnectionsCount = 2, GroupsCount = 5, InFlightMax = 2 };
        LoadExtent extent = new() { RecordsCount = long.MaxValue, Duration = TimeSpan.FromMilliseconds(300) };
        LoadResult result = await new CommitLoad(broker.Target(1), settings, extent).RunAsync(CancellationToken.None).WaitAsync(Patience);
        Assert.True(result.Measured.Seconds >= 0.3);
        Assert.True(result.RecordsCount > 0);
        Assert.False(result.IsInterrupted);
        Assert.Equal(5, result.Commits!.OffsetsVerifiedCount);
    }
}
