using System.Diagnostics;
using System.Text.Json;
using FastLog.Interop.Harness;
using FastLog.Interop.Wire;
using Xunit.Abstractions;

namespace FastLog.Interop.Groups;

/// <summary>
/// <c>fastlog group describe</c> while a producer and a slow consumer run, against offsets that are read independently
/// before and after: what it shows must have been so in between.
/// </summary>
public sealed class GroupLagTests(ITestOutputHelper output)
{
    private const string Topic = "lagging";
    private const string Group = "slow";
    private const int Partitions = 3;
    private const int LinesAtFirst = 1_000;
    private const int LinesLater = 20_000;
    private static readonly TimeSpan RunTimeMax = TimeSpan.FromSeconds(120);

    // Looks that found something committed and something left: only those can find a wrong lag.
    private int _looksInBetween;

    [Theory]
    [InlineData("classic")]
    [InlineData("consumer")]
    public async Task The_lag_shown_is_the_lag_there_is(string protocol)
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(GroupStand.BrokerProperties);
        await using WireClient wire = await WireClient.OpenAsync(broker.Port);
        Assert.Equal(WireErrors.None, await wire.CreateTopicAsync(Topic, Partitions));
        using Process consumer = StartConsumer(broker, protocol);
        Task<ProgramResult> producer = ExternalProgram.SucceedAsync(
            TestRunPaths.Server,
            ["produce", Topic, "--bootstrap-server", broker.Address],
            ReferenceText.AsKeyTabValue(ReferenceText.Lines));
        try
        {
            long begin = Stopwatch.GetTimestamp();
            long lag = long.MaxValue;
            int looks = 0;
            _looksInBetween = 0;
            while (lag > 0)
            {
                Assert.True(Stopwatch.GetElapsedTime(begin) < RunTimeMax, $"the group is still {lag} behind");
                await ReadSlowlyAsync(consumer, _looksInBetween == 0 ? LinesAtFirst : LinesLater);
                lag = await LookAsync(broker, wire);
                lag = producer.IsCompleted ? lag : long.MaxValue;
                looks++;
            }

            await producer;
            output.WriteLine($"{protocol}: {looks} looks, {_looksInBetween} of them at a group on its way");
            Assert.True(_looksInBetween > 0, "the group was never seen with something committed and something left");
        }
        finally
        {
            consumer.Kill(entireProcessTree: true);
        }
    }

    private static Process StartConsumer(BrokerProcess broker, string protocol)
    {
        var consumer = new Process
        {
            StartInfo = ExternalProgram.StartInfo(
                TestRunPaths.Server,
                [
                    "consume", Topic, "--group", Group, "--group-protocol", protocol, "--from", "start",
                    "--bootstrap-server", broker.Address,
                ],
                null),
        };
        consumer.Start();
        consumer.BeginErrorReadLine();
        return consumer;
    }

    /// <summary>
    /// A pipe that nobody empties holds the consumer back; it gets so many lines further, and few until it has committed
    /// something, so that it is not done by then.
    /// </summary>
    private static async Task ReadSlowlyAsync(Process consumer, int linesMax)
    {
        using var enough = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            for (int line = 0; line < linesMax; line++)
            {
                await consumer.StandardOutput.ReadLineAsync(enough.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // There is no more for now.
        }
    }

    private async Task<long> LookAsync(BrokerProcess broker, WireClient wire)
    {
        (long[] committedBefore, long[] endsBefore) = await OffsetsAsync(wire);
        ProgramResult described = await ExternalProgram.RunAsync(
            TestRunPaths.Server, ["group", "describe", Group, "--json", "--bootstrap-server", broker.Address]);
        if (described.ExitCode != 0)
        {
            // Until it has joined there is no such group.
            return long.MaxValue;
        }

        (long[] committedAfter, long[] endsAfter) = await OffsetsAsync(wire);
        using JsonDocument document = JsonDocument.Parse(described.Text);
        long sum = 0;
        long committed = 0;
        foreach (JsonElement shown in document.RootElement.GetProperty("partitions").EnumerateArray())
        {
            int partition = shown.GetProperty("partition").GetInt32();
            long? current = NumberIn(shown, "currentOffset");
            long? end = NumberIn(shown, "endOffset");
            Assert.InRange(current ?? -1, committedBefore[partition], committedAfter[partition]);
            Assert.InRange(end!.Value, endsBefore[partition], endsAfter[partition]);
            Assert.Equal(current is null ? null : end - current, NumberIn(shown, "lag"));
            sum += end.Value - (current ?? 0);
            committed += current ?? 0;
        }

        _looksInBetween += committed > 0 && sum > 0 ? 1 : 0;

        return document.RootElement.GetProperty("partitions").GetArrayLength() == Partitions ? sum : long.MaxValue;
    }

    private static async Task<(long[] Committed, long[] Ends)> OffsetsAsync(WireClient wire)
    {
        long[] committed = await wire.CommittedAsync(Group, Topic, Partitions);
        long[] ends = new long[Partitions];
        for (int partition = 0; partition < Partitions; partition++)
        {
            ends[partition] = await wire.EndOffsetAsync(Topic, partition);
        }

        return (committed, ends);
    }

    private static long? NumberIn(JsonElement shown, string name) =>
        shown.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}
