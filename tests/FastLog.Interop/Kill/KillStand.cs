using System.Globalization;
using FastLog.Interop.Harness;
using FastLog.Interop.Wire;
using Xunit.Abstractions;

namespace FastLog.Interop.Kill;

/// <summary>A broker with one topic that is written to, killed and started again, round after round.</summary>
internal sealed class KillStand : IAsyncDisposable
{
    private const int RoundsDefault = 56;
    private const int AcknowledgedBatchesPerRoundMax = 150;
    private const int MomentMicrosecondsMax = 3_000;

    // About as long as a start takes: some kills come while it recovers, some right after.
    private const int StartMicrosecondsMax = 600_000;

    private readonly ITestOutputHelper _output;
    private int _secondKillsCount;
    private int _killedBeforeReadyCount;

    private KillStand(ITestOutputHelper output, Random random, BrokerProcess broker, Ledger[] ledgers)
    {
        _output = output;
        Random = random;
        Broker = broker;
        Ledgers = ledgers;
    }

    /// <summary>Where all chance comes from.</summary>
    public Random Random { get; }

    /// <summary>The broker.</summary>
    public BrokerProcess Broker { get; }

    /// <summary>One for each partition.</summary>
    public IReadOnlyList<Ledger> Ledgers { get; }

    /// <summary>A test's share of the rounds of a run, FASTLOG_KILL_ROUNDS in all.</summary>
    public static int Rounds(int percent) => Math.Max(1, percent * int.Parse(
        Environment.GetEnvironmentVariable("FASTLOG_KILL_ROUNDS") ?? RoundsDefault.ToString(CultureInfo.InvariantCulture),
        CultureInfo.InvariantCulture) / 100);

    /// <summary>Starts the broker and makes its topic.</summary>
    public static async Task<KillStand> StartAsync(
        ITestOutputHelper output, string topic, int partitions, params (string Key, string Value)[] configs)
    {
        Random random = TestSeed.Begin(output);
        BrokerProcess broker = await BrokerProcess.StartAsync("log.cleaner.backoff.ms=50");
        await using WireClient client = await WireClient.OpenAsync(broker.Port);
        Assert.Equal(WireErrors.None, await client.CreateTopicAsync(topic, partitions, configs));
        return new KillStand(
            output, random, broker, [.. Enumerable.Range(0, partitions).Select(partition => new Ledger(topic, partition))]);
    }

    /// <summary>Writes with all writers until some batches are acknowledged, and kills the broker at any moment then.</summary>
    /// <param name="writers">Write side by side, each on a connection of its own.</param>
    /// <param name="whileWriting">Done once on another connection meanwhile; may be cut off by the kill.</param>
    public async Task WriteAndKillAsync(IReadOnlyList<PartitionWriter> writers, Func<WireClient, Task>? whileWriting)
    {
        using var stop = new CancellationTokenSource();
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int wanted = Random.Next(1, AcknowledgedBatchesPerRoundMax);
        Task[] writing = [.. writers.Select(writer =>
        {
            var sizes = new Random(Random.Next());
            return Task.Run(() => writer.RunAsync(Broker.Port, sizes, Count, stop.Token));
        })];

        Task beside = whileWriting is null ? Task.CompletedTask : DoBesideAsync(whileWriting);
        Task first = await Task.WhenAny([enough.Task, .. writing]);
        if (first == enough.Task)
        {
            Random.PassSomeTime(MomentMicrosecondsMax);
        }

        await Broker.KillAsync();
        await Task.WhenAll([beside, .. writing]);
        Assert.True(first == enough.Task, $"A writer lost its connection before the kill. The server wrote:\n{Broker.Output}");

        void Count()
        {
            if (Interlocked.Decrement(ref wanted) == 0)
            {
                enough.SetResult();
            }
        }
    }

    /// <summary>Starts the broker again; in some rounds only after it was killed once more on its way up.</summary>
    public async Task RestartAsync()
    {
        while (Random.Next(5) == 0)
        {
            _secondKillsCount++;
            _killedBeforeReadyCount += await Broker.RestartAndKillAsync(() => Random.PassSomeTime(StartMicrosecondsMax)) ? 1 : 0;
        }

        await Broker.RestartAsync();
    }

    /// <summary>Writes a round's figures to the test's output, and to the file that FASTLOG_KILL_LINES names.</summary>
    public void Tell(int round, LedgerCount count)
    {
        string line = $"{Ledgers[0].Topic} {round}: {count.Acknowledged} acknowledged, {count.Found} found, {count.Lost} lost; "
            + $"killed again {_secondKillsCount} times, {_killedBeforeReadyCount} of them before it was ready";
        _output.WriteLine(line);
        if (Environment.GetEnvironmentVariable("FASTLOG_KILL_LINES") is { } path)
        {
            File.AppendAllText(path, line + "\n");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Broker.DisposeAsync();

    private async Task DoBesideAsync(Func<WireClient, Task> work)
    {
        try
        {
            await using WireClient client = await WireClient.OpenAsync(Broker.Port);
            await work(client);
        }
        catch (IOException)
        {
            // Cut off by the kill: done or not.
        }
    }
}
