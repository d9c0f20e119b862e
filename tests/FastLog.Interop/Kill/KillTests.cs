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
    private const int KeysCount = 50;

    // In hundredths of all rounds: the common ways most often.
    private const int OncePercent = 30;
    private const int RepeatedPercent = 30;
    private const int DeletedPercent = 20;
    private const int CompactedPercent = 20;

    [Fact]
    public async Task Every_acknowledged_record_is_at_its_offset_after_a_kill()
    {
        await using KillStand stand = await KillStand.StartAsync(output, "killed", Partitions, ("segment.bytes", "200000"));
        PartitionWriter[] writers = [.. stand.Ledgers.Select(ledger => new OnceWriter(ledger))];
        await RunAsync(stand, writers, OncePercent, client => CheckAsync(client, writers));
    }

    [Fact]
    public async Task An_idempotent_producer_that_repeats_itself_after_a_kill_is_stored_once()
    {
        // Segments so small that most kills are close to a roll.
        await using KillStand stand = await KillStand.StartAsync(output, "repeated", Partitions, ("segment.bytes", "100000"));
        IdempotentWriter[] writers = [.. stand.Ledgers.Select(ledger => new IdempotentWriter(ledger))];
        await RunAsync(stand, writers, RepeatedPercent, client => CheckAsync(client, writers));

        await RepeatUnansweredAsync(stand.Broker, writers);
        await using WireClient client = await WireClient.OpenAsync(stand.Broker.Port);
        await CheckAsync(client, writers);
        Assert.All(writers, writer => Assert.Equal(0, writer.UnansweredCount));
        foreach (IdempotentWriter writer in writers)
        {
            Assert.Equal(writer.Ledger.SentCount, await client.EndOffsetAsync(writer.Ledger.Topic, writer.Ledger.Partition));
        }
    }

    [Fact]
    public async Task Deleted_records_stay_deleted_and_all_others_stay()
    {
        await using KillStand stand = await KillStand.StartAsync(output, "deleted", Partitions, ("segment.bytes", "60000"));
        PartitionWriter[] writers = [.. stand.Ledgers.Select(ledger => new OnceWriter(ledger))];
        await RunAsync(stand, writers, DeletedPercent, client => CheckAsync(client, writers), DeleteSomeAsync);

        async Task DeleteSomeAsync(WireClient client)
        {
            foreach (Ledger ledger in stand.Ledgers)
            {
                long start = await client.StartOffsetAsync(ledger.Topic, ledger.Partition);
                long end = await client.EndOffsetAsync(ledger.Topic, ledger.Partition);
                long offset = start + stand.Random.NextInt64(end - start + 1) / 2;
                ledger.BeginDeletion(offset);
                ledger.EndDeletion(await client.DeleteRecordsAsync(ledger.Topic, ledger.Partition, offset));
            }
        }
    }

    [Fact]
    public async Task The_newest_record_of_every_key_of_a_compacted_topic_stays()
    {
        await using KillStand stand = await KillStand.StartAsync(
            output, "compacted", Partitions, ("cleanup.policy", "compact"), ("segment.bytes", "60000"), ("min.cleanable.dirty.ratio", "0.01"));
        PartitionWriter[] writers = [.. stand.Ledgers.Select(ledger => new OnceWriter(ledger, KeyOf))];
        await RunAsync(stand, writers, CompactedPercent, CheckCompactedAsync);

        async Task<LedgerCount> CheckCompactedAsync(WireClient client)
        {
            LedgerCount sum = default;
            foreach (Ledger ledger in stand.Ledgers)
            {
                sum += ledger.CheckCompacted(await client.ReadCompactedAsync(ledger.Topic, ledger.Partition), KeyOf);
            }

            return sum;
        }
    }

    private static async Task RunAsync(
        KillStand stand,
        IReadOnlyList<PartitionWriter> writers,
        int percent,
        Func<WireClient, Task<LedgerCount>> check,
        Func<WireClient, Task>? whileWriting = null)
    {
        for (int round = 1; round <= KillStand.Rounds(percent); round++)
        {
            await stand.WriteAndKillAsync(writers, whileWriting);
            await stand.RestartAsync();
            await using WireClient client = await WireClient.OpenAsync(stand.Broker.Port);
            stand.Tell(round, await check(client));
        }
    }

    private static async Task<LedgerCount> CheckAsync(WireClient client, IEnumerable<PartitionWriter> writers)
    {
        LedgerCount sum = default;
        foreach (PartitionWriter writer in writers)
        {
            sum += writer.Ledger.Check(await client.ReadAllAsync(writer.Ledger.Topic, writer.Ledger.Partition));
        }

        return sum;
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

    // The value's own number, so that a key comes again and again.
    private static string KeyOf(string value) =>
        $"key-{int.Parse(value.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture) % KeysCount}";
}
