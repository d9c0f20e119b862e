using FastLog.Interop.Groups;

namespace FastLog.Interop.Kcat;

/// <summary>Groups of kcat's balanced consumer: partitions are shared, handed over and taken from the dead.</summary>
public sealed class KcatGroupTests(GroupBroker fixture) : IClassFixture<GroupBroker>
{
    private const int Partitions = 4;
    private const int RecordsPerPartition = 25;
    private static readonly string[] SoonDead = ["-X", "session.timeout.ms=2000"];
    private static readonly string[] LongAlive = ["-X", "session.timeout.ms=45000"];

    private readonly KcatProgram _kcat = new(fixture.Broker);
    private int _written;

    [Fact]
    public async Task Two_members_share_and_the_one_that_stays_takes_all()
    {
        const string topic = "kcat-shared";
        await CreateAsync(topic);
        await using KcatMember first = KcatMember.Start(fixture.Broker, topic, topic, LongAlive);
        await using KcatMember second = KcatMember.Start(fixture.Broker, topic, topic, LongAlive);
        await UntilSharedAsync(first, second);
        string[] written = await WriteAsync(topic);
        await UntilReadAsync(written, first, second);
        Assert.Equal(2 * RecordsPerPartition, first.Values.Count(written.Contains));

        // It leaves, so nobody waits for the end of its session.
        await second.EndAsync();
        await UntilSharedAsync(first);
        await UntilReadAsync(await WriteAsync(topic), first);
    }

    [Fact]
    public async Task A_killed_members_partitions_move_when_its_session_ends()
    {
        const string topic = "kcat-killed";
        await CreateAsync(topic);
        await using KcatMember first = KcatMember.Start(fixture.Broker, topic, topic, SoonDead);
        await using KcatMember second = KcatMember.Start(fixture.Broker, topic, topic, SoonDead);
        await UntilSharedAsync(first, second);
        await second.KillAsync();
        string[] written = await WriteAsync(topic);
        await UntilSharedAsync(first);
        await UntilReadAsync(written, first);
    }

    [Fact]
    public async Task A_static_member_comes_back_within_its_session_unnoticed()
    {
        const string topic = "kcat-static";
        await CreateAsync(topic);
        await using KcatMember stays = KcatMember.Start(fixture.Broker, topic, topic, [.. LongAlive, "-X", "group.instance.id=stays"]);
        await using KcatMember goes = KcatMember.Start(fixture.Broker, topic, topic, [.. LongAlive, "-X", "group.instance.id=goes"]);
        await UntilSharedAsync(stays, goes);
        IReadOnlyList<int> partitions = goes.Partitions;
        IReadOnlyList<string> rebalances = stays.Rebalances;
        await goes.EndAsync();
        string[] written = await WriteAsync(topic);

        await using KcatMember back = KcatMember.Start(fixture.Broker, topic, topic, [.. LongAlive, "-X", "group.instance.id=goes"]);
        await UntilSharedAsync(stays, back);
        await UntilReadAsync(written, stays, back);
        Assert.Equal(partitions, back.Partitions);
        Assert.Equal(rebalances, stays.Rebalances);
    }

    [Fact]
    public async Task A_cooperative_member_keeps_what_it_need_not_give_away()
    {
        const string topic = "kcat-cooperative";
        string[] options = [.. LongAlive, "-X", "partition.assignment.strategy=cooperative-sticky"];
        await CreateAsync(topic);
        await using KcatMember first = KcatMember.Start(fixture.Broker, topic, topic, options);
        await UntilSharedAsync(first);
        await using KcatMember second = KcatMember.Start(fixture.Broker, topic, topic, options);
        await UntilSharedAsync(first, second);
        await UntilReadAsync(await WriteAsync(topic), first, second);

        Assert.All(first.Rebalances, line => Assert.Contains("COOPERATIVE", line, StringComparison.Ordinal));
        string revoked = Assert.Single(first.Rebalances, line => line.Contains("revoke", StringComparison.Ordinal));
        Assert.Contains("incremental revoke of 2 partition(s)", revoked, StringComparison.Ordinal);
        await second.EndAsync();
        await UntilSharedAsync(first);
    }

    [Fact]
    public async Task The_next_member_begins_where_the_last_one_committed()
    {
        const string topic = "kcat-resumed";
        await CreateAsync(topic);
        string[] written = await WriteAsync(topic);
        await using KcatMember first = KcatMember.Start(fixture.Broker, topic, topic, LongAlive);
        await UntilReadAsync(written, first);
        await first.EndAsync();

        string[] writtenLater = await WriteAsync(topic);
        await using KcatMember second = KcatMember.Start(fixture.Broker, topic, topic, LongAlive);
        await UntilReadAsync(writtenLater, second);
        Assert.Equal(writtenLater.Order(), second.Values.Order());
    }

    private async Task CreateAsync(string topic)
    {
        await using Wire.WireClient wire = await Wire.WireClient.OpenAsync(fixture.Broker.Port);
        Assert.Equal(Wire.WireErrors.None, await wire.CreateTopicAsync(topic, Partitions));
    }

    // As many records into each partition, every value a new one.
    private async Task<string[]> WriteAsync(string topic)
    {
        var all = new List<string>();
        for (int partition = 0; partition < Partitions; partition++)
        {
            string[] values = [.. Enumerable.Range(0, RecordsPerPartition).Select(_ => $"v{_written++}")];
            await _kcat.ProduceAsync(topic, string.Join('\n', values) + '\n', "-p", $"{partition}");
            all.AddRange(values);
        }

        return [.. all];
    }

    private static Task UntilSharedAsync(params KcatMember[] members) => KcatMember.UntilAsync(
        "the members share all partitions evenly",
        () => members.All(member => member.Partitions.Count == Partitions / members.Length)
            && members.SelectMany(member => member.Partitions).Order().SequenceEqual(Enumerable.Range(0, Partitions)),
        members);

    private static Task UntilReadAsync(string[] written, params KcatMember[] members) => KcatMember.UntilAsync(
        "the members have read all",
        () => !written.Except(members.SelectMany(member => member.Values)).Any(),
        members);
}
