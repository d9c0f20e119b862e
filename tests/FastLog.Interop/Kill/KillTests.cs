using System.Globalization;
using FastLog.Interop.Harness;
using FastLog.Interop.Wire;
using Xunit.Abstractions;

namespace FastLog.Interop.Kill;

/// <summary>
/// SIGKILL in the middle of producing, again and again on one data directory. What was acknowledged must be there
/// afterwards. (A killed process leaves the kernel's page cache alone: that the disk has the bytes as well is what the
/// storage tests show on a simulated disk.)
/// </summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Partitions = 3;
    private const int AcknowledgedBatchesPerRoundMax = 300;
    private const int MomentMicrosecondsMax = 3_000;

    private static int Rounds =>
        int.Parse(Environment.GetEnvironmentVariable("FASTLOG_KILL_ROUNDS") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_acknowledged_record_is_at_its_offset_after_a_kill()
    {
        Random random = TestSeed.Begin(output);
        await using BrokerProcess broker = await StartAsync("killed");
        PartitionWriter[] writers = [.. Ledgers("killed").Select(ledger => new OnceWriter(ledger))];

        for (int round = 1; round <= Rounds; round++)
        {
            await WriteAndKillAsync(broker, writers, random);
            await broker.RestartAsync();
            await CheckAsync(broker, writers, round);
        }
    }

    [Fact]
    public async Task An_idempotent_producer_that_repeats_itself_after_a_kill_is_stored_once()
    {
        Random random = TestSeed.Begin(output);
        await using BrokerProcess broker = await StartAsync("repeated");
        IdempotentWriter[] writers = [.. Ledgers("repeated").Select(ledger => new IdempotentWriter(ledger))];

        for (int round = 1; round <= Rounds; round++)
        {
            await WriteAndKillAsync(broker, writers, random);
            await broker.RestartAsync();
            await CheckAsync(broker, writers, round);
        }

        await RepeatUnansweredAsync(broker, writers);
        await CheckAsync(broker, writers, Rounds);
        Assert.All(writers, writer => Assert.Equal(0, writer.UnansweredCount));
        foreach (IdempotentWriter writer in writers)
        {
            Assert.Equal(writer.Ledger.SentCount, (await ReadAsync(broker, writer.Ledger)).Count);
        }
    }

    private static IEnumerable<Ledger> Ledgers(string topic) =>
        Enumerable.Range(0, Partitions).Select(partition => new Ledger(topic, partition));

    private static async Task<BrokerProcess> StartAsync(string topic)
    {
        BrokerProcess broker = await BrokerProcess.StartAsync();
        await using WireClient client = await WireClient.OpenAsync(broker.Port);

        // Small segments, so that kills hit the change from one to the next as well.
        Assert.Equal(WireErrors.None, await client.CreateTopicAsync(topic, Partitions, ("segment.bytes", "200000")));
        return broker;
    }

    private static async Task WriteAndKillAsync(BrokerProcess broker, PartitionWriter[] writers, Random random)
    {
        using var stop = new CancellationTokenSource();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int wanted = random.Next(1, AcknowledgedBatchesPerRoundMax);
        Task[] writing = [.. writers.Select(writer =>
        {
            var sizes = new Random(random.Next());
            return Task.Run(() => writer.RunAsync(broker.Port, sizes, Count, stop.Token));
        })];

        Task first = await Task.WhenAny([enough.Task, .. writing]);
        if (first == enough.Task)
        {
            random.PassSomeTime(MomentMicrosecondsMax);
        }

        await broker.KillAsync();
        await Task.WhenAll(writing);
        Assert.True(first == enough.Task, $"A writer lost its connection before the kill. The server wrote:\n{broker.Output}");

        void Count()
        {
            if (Interlocked.Decrement(ref wanted) == 0)
            {
                enough.SetResult();
            }
        }
    }

    private static async Task RepeatUnansweredAsync(BrokerProcess broker, IEnumerable<IdempotentWriter> writers)
    {
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        foreach (IdempotentWriter writer in writers)
        {
            await writer.RunAsync(broker.Port, new Random(0), () => { }, stopped.Token);
        }
    }

    private async Task CheckAsync(BrokerProcess broker, IEnumerable<PartitionWriter> writers, int round)
    {
        int acknowledged = 0;
        int found = 0;
        int lost = 0;
        foreach (PartitionWriter writer in writers)
        {
            LedgerCount count = writer.Ledger.Check(await ReadAsync(broker, writer.Ledger));
            acknowledged += count.Acknowledged;
            found += count.Found;
            lost += count.Lost;
        }

        output.WriteLine($"Round {round}: {acknowledged} acknowledged, {found} found, {lost} lost");
    }

    private static async Task<IReadOnlyList<WireRecord>> ReadAsync(BrokerProcess broker, Ledger ledger)
    {
        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        return await client.ReadAllAsync(ledger.Topic, ledger.Partition);
    }
}
