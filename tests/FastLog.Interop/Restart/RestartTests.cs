using FastLog.Interop.Harness;
using FastLog.Interop.Wire;

namespace FastLog.Interop.Restart;

/// <summary>A broker that is asked to end ends cleanly, and goes on where it was when it starts again.</summary>
public sealed class RestartTests
{
    private const string Topic = "lasting";
    private const int Partitions = 3;

    [Fact]
    public async Task Topics_records_and_offsets_are_there_after_a_clean_restart()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        await CreateAsync(broker);
        var ids = new List<long>();
        for (int run = 0; run < 3; run++)
        {
            ids.Add(await ProduceAndReadAsync(broker, batchesBefore: run));
            Assert.Equal(0, await broker.TerminateAsync());
            await broker.RestartAsync();
        }

        await AssertRecordsAsync(broker, batches: 3);
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public async Task Being_asked_to_end_while_busy_loses_no_acknowledged_record()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        await CreateAsync(broker);
        for (int run = 0; run < 3; run++)
        {
            await using WireClient client = await WireClient.OpenAsync(broker.Port);
            Task<Produced>[] produced = [.. Enumerable.Range(0, 200).Select(_ => client.ProduceAsync(Topic, 0, Batch(run)))];
            await Task.WhenAny(produced);
            Assert.Equal(0, await broker.TerminateAsync());
            Produced[] acknowledged = await AcknowledgedAsync(produced);
            Assert.NotEmpty(acknowledged);

            await broker.RestartAsync();
            await using WireClient reader = await WireClient.OpenAsync(broker.Port);
            HashSet<long> found = [.. (await reader.ReadAllAsync(Topic, 0)).Select(record => record.Offset)];
            Assert.All(acknowledged, answer => Assert.Contains(answer.BaseOffset, found));
        }
    }

    [Fact]
    public async Task One_line_on_stdout_says_where_it_listens()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        string address = broker.Address;
        Assert.Equal(0, await broker.TerminateAsync());

        Assert.Contains(address, broker.ReadyLine, StringComparison.Ordinal);
        Assert.Equal([broker.ReadyLine], broker.Output.Lines.Where(line => !line.StartsWith('[')));
    }

    [Fact]
    public async Task A_deleted_topic_stays_deleted_and_its_name_can_be_taken_again()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync();
        await CreateAsync(broker);
        await ProduceAndReadAsync(broker, batchesBefore: 0);
        await using (WireClient client = await WireClient.OpenAsync(broker.Port))
        {
            Assert.Equal(WireErrors.None, await client.DeleteTopicAsync(Topic));
        }

        Assert.Equal(0, await broker.TerminateAsync());
        await broker.RestartAsync();
        await CreateAsync(broker);
        await AssertRecordsAsync(broker, batches: 0);
        await ProduceAndReadAsync(broker, batchesBefore: 0);
    }

    private static async Task<Produced[]> AcknowledgedAsync(IEnumerable<Task<Produced>> produced)
    {
        var acknowledged = new List<Produced>();
        foreach (Task<Produced> batch in produced)
        {
            try
            {
                acknowledged.Add(await batch);
            }
            catch (IOException)
            {
                // Not taken any more.
            }
        }

        return [.. acknowledged.Where(answer => answer.Error == WireErrors.None)];
    }

    private static byte[] Batch(int run) => WireBatch.Encode([$"run {run}", "second", "third"], timestampMs: 1, WireProducer.None);

    private static async Task CreateAsync(BrokerProcess broker)
    {
        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        Assert.Equal(WireErrors.None, await client.CreateTopicAsync(Topic, Partitions));
    }

    // One batch more in every partition; returns a fresh producer id.
    private static async Task<long> ProduceAndReadAsync(BrokerProcess broker, int batchesBefore)
    {
        await AssertRecordsAsync(broker, batchesBefore);
        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        for (int partition = 0; partition < Partitions; partition++)
        {
            Produced answer = await client.ProduceAsync(Topic, partition, Batch(batchesBefore));
            Assert.Equal(new Produced(WireErrors.None, 3 * batchesBefore), answer);
        }

        await AssertRecordsAsync(broker, batchesBefore + 1);
        return (await client.InitProducerIdAsync()).Id;
    }

    private static async Task AssertRecordsAsync(BrokerProcess broker, int batches)
    {
        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        string[] expected = [.. Enumerable.Range(0, batches).SelectMany(run => new[] { $"run {run}", "second", "third" })];
        for (int partition = 0; partition < Partitions; partition++)
        {
            Assert.Equal(expected, (await client.ReadAllAsync(Topic, partition)).Select(record => record.Value));
        }
    }
}
