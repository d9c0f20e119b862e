using System.Diagnostics;
using FastLog.Interop.Harness;
using FastLog.Interop.Wire;

namespace FastLog.Interop.Groups;

/// <summary><c>fastlog consume --group</c> that is told to end.</summary>
public sealed class GroupLeaveTests
{
    private const string Name = "leaving";
    private static readonly TimeSpan WaitTimeMax = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Told_to_end_twice_it_leaves_all_the_same()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(GroupStand.BrokerProperties);
        await using WireClient wire = await WireClient.OpenAsync(broker.Port);
        Assert.Equal(WireErrors.None, await wire.CreateTopicAsync(Name, 2));
        for (int round = 0; round < 3; round++)
        {
            using Process consumer = new()
            {
                StartInfo = ExternalProgram.StartInfo(
                    TestRunPaths.Server, ["consume", Name, "--group", Name, "--bootstrap-server", broker.Address], null),
            };
            consumer.Start();
            await UntilAsync(broker, text => text.Contains("\"state\": \"Stable\"", StringComparison.Ordinal));
            Signals.Terminate(consumer);
            Signals.Terminate(consumer);
            await consumer.WaitForExitAsync();
            Assert.Equal(0, consumer.ExitCode);
            Assert.Contains("\"state\": \"Empty\"", (await DescribeAsync(broker)).Text, StringComparison.Ordinal);
        }
    }

    private static async Task UntilAsync(BrokerProcess broker, Func<string, bool> isSo)
    {
        long begin = Stopwatch.GetTimestamp();
        while (!isSo((await DescribeAsync(broker)).Text))
        {
            Assert.True(Stopwatch.GetElapsedTime(begin) < WaitTimeMax, "the group does not become stable");
        }
    }

    private static Task<ProgramResult> DescribeAsync(BrokerProcess broker) => ExternalProgram.RunAsync(
        TestRunPaths.Server, ["group", "describe", Name, "--json", "--bootstrap-server", broker.Address]);
}
