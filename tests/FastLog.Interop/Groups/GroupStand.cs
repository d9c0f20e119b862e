using System.Diagnostics;
using FastLog.Interop.Harness;
using FastLog.Interop.Wire;
using Xunit.Abstractions;

namespace FastLog.Interop.Groups;

/// <summary>A group that reads one topic, its members in processes of their own, and a writer.</summary>
internal sealed class GroupStand : IAsyncDisposable
{
    /// <summary>Partitions of the topic.</summary>
    public const int Partitions = 6;

    private const int SessionTimeoutMs = 3_000;
    private static readonly TimeSpan WaitTimeMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan WaitCheckTime = TimeSpan.FromMilliseconds(50);

    private readonly ITestOutputHelper _output;
    private readonly BrokerProcess _broker;
    private readonly GroupClient _client;
    private readonly string _name;
    private readonly List<GroupMember> _members = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private GroupStand(ITestOutputHelper output, BrokerProcess broker, GroupClient client, string name)
    {
        (_output, _broker, _client, _name) = (output, broker, client, name);
        Writer = PacedWriter.Start(broker.Port, name, Partitions);
    }

    /// <summary>Properties of a broker that notices soon when a member is gone.</summary>
    public static string[] BrokerProperties { get; } =
    [
        "offsets.topic.num.partitions=3", "group.initial.rebalance.delay.ms=200", "group.min.session.timeout.ms=1000",
        "group.consumer.min.session.timeout.ms=1000", $"group.consumer.session.timeout.ms={SessionTimeoutMs}",
        "group.consumer.min.heartbeat.interval.ms=100", "group.consumer.heartbeat.interval.ms=300",
    ];

    /// <summary>What the members read.</summary>
    public ConsumedRecords Consumed { get; } = new();

    /// <summary>The writer.</summary>
    public PacedWriter Writer { get; private set; }

    /// <summary>The members whose processes run.</summary>
    public IReadOnlyList<GroupMember> Running => [.. _members.Where(member => member.IsRunning)];

    /// <summary>Makes a topic and begins to write to it; the group has the same name.</summary>
    public static async Task<GroupStand> StartAsync(ITestOutputHelper output, BrokerProcess broker, GroupClient client, string name)
    {
        await using WireClient wire = await WireClient.OpenAsync(broker.Port);
        Assert.Equal(WireErrors.None, await wire.CreateTopicAsync(name, Partitions));
        return new GroupStand(output, broker, client, name);
    }

    /// <summary>Adds members at the same time.</summary>
    public async Task JoinAsync(int count)
    {
        Tell($"{count} more member(s)");
        for (int added = 0; added < count; added++)
        {
            string[] arguments = [_broker.Address, _name, _name, $"{SessionTimeoutMs}"];
            _members.Add(await GroupMember.StartAsync(_client, $"member {_members.Count}", arguments, Consumed));
        }
    }

    /// <summary>Kills a running member.</summary>
    public Task KillOneAsync()
    {
        Tell($"kill {Running[0].Name}");
        return Running[0].KillAsync();
    }

    /// <summary>Lets members leave.</summary>
    public async Task LeaveAsync(int count)
    {
        GroupMember[] leaving = [.. Running.TakeLast(count)];
        Tell($"{string.Join(", ", leaving.Select(member => member.Name))} to leave");
        await Task.WhenAll(leaving.Select(member => member.LeaveAsync()));
    }

    /// <summary>Waits until the running members share all partitions, nobody idle, and all of them read what is written from now on.</summary>
    public async Task UntilSharedAsync()
    {
        await UntilAsync("every partition has one owner", () =>
        {
            int[] owned = [.. Running.SelectMany(member => member.Partitions).Order()];
            return Running.All(member => member.Partitions.Count > 0) && owned.SequenceEqual(Enumerable.Range(0, Partitions));
        });
        int[] before = [.. Running.Select(member => member.RecordsCount)];
        GroupMember[] members = [.. Running];
        await UntilAsync("every member reads", () => members.Zip(before).All(pair => pair.First.RecordsCount > pair.Second));
        Tell(string.Join(", ", members.Select(member => $"{member.Name} [{string.Join(',', member.Partitions)}]"))
            + $"; {Consumed.Count} read, {Consumed.RepeatedCount} of them repeatedly, {Writer.AcknowledgedCount} written");
    }

    /// <summary>Stops writing and waits until all that was acknowledged has been read; fails when some of it never is.</summary>
    public async Task<IReadOnlyCollection<WrittenRecord>> UntilAllIsReadAsync()
    {
        IReadOnlyCollection<WrittenRecord> acknowledged = await Writer.StopAsync();
        try
        {
            await UntilAsync("all is read", () => acknowledged.All(record => Consumed.Contains(record.Partition, record.Offset)));
        }
        finally
        {
            Tell($"{acknowledged.Count} acknowledged, {Consumed.Count} read, {Consumed.RepeatedCount} of them repeatedly");
        }

        Consumed.AssertHolds(acknowledged);
        return acknowledged;
    }

    /// <summary>Begins to write again after <see cref="UntilAllIsReadAsync"/>.</summary>
    public void WriteAgain() => Writer = PacedWriter.Start(_broker.Port, _name, Partitions);

    /// <summary>The group's committed offsets, by partition, asked on a connection of its own; -1 where there is none.</summary>
    public async Task<long[]> CommittedAsync()
    {
        await using WireClient wire = await WireClient.OpenAsync(_broker.Port);
        return await wire.CommittedAsync(_name, _name, Partitions);
    }

    /// <summary>The ends of the topic's partitions.</summary>
    public async Task<long[]> EndsAsync()
    {
        await using WireClient wire = await WireClient.OpenAsync(_broker.Port);
        long[] ends = new long[Partitions];
        for (int partition = 0; partition < Partitions; partition++)
        {
            ends[partition] = await wire.EndOffsetAsync(_name, partition);
        }

        return ends;
    }

    /// <summary>Waits for something, and tells what all members did when it does not come.</summary>
    public async Task UntilAsync(string what, Func<bool> isSo)
    {
        long begin = Stopwatch.GetTimestamp();
        using var check = new PeriodicTimer(WaitCheckTime);
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < WaitTimeMax,
                $"In {WaitTimeMax.TotalSeconds} s it did not come to this: {what}.\n{string.Join('\n', _members)}\nThe server wrote:\n{_broker.Output}");
            await check.WaitForNextTickAsync();
        }
    }

    /// <summary>Writes a line with the time to the test's output.</summary>
    public void Tell(string line) => _output.WriteLine($"{_clock.Elapsed.TotalSeconds:F1} s: {line}");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        foreach (GroupMember member in _members)
        {
            await member.DisposeAsync();
        }
    }
}
