using Xunit.Abstractions;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>
/// Random histories of a coordinator under a simulated clock, network and log, with consumers that come, go and die.
/// FASTLOG_FUZZ_SEED chooses the first seed, FASTLOG_FUZZ_OPERATIONS how many follow.
/// </summary>
public sealed class CoordinatorSimulationTests(ITestOutputHelper output)
{
    private const int NoiseMs = 120_000;

    [Theory]
    [InlineData(25, SimulatedGroup.GroupKind.Eager)]
    [InlineData(25, SimulatedGroup.GroupKind.Cooperative)]
    [InlineData(25, SimulatedGroup.GroupKind.Modern)]
    [InlineData(25, SimulatedGroup.GroupKind.Mixed)]
    internal void Groups_keep_their_promises_and_become_complete(int histories, SimulatedGroup.GroupKind kind)
    {
        histories = Setting("FASTLOG_FUZZ_OPERATIONS", histories);
        var firstSeed = Setting("FASTLOG_FUZZ_SEED", Environment.TickCount);
        output.WriteLine($"seeds {firstSeed} to {firstSeed + histories - 1}");
        for (var seed = firstSeed; seed < firstSeed + histories; seed++)
        {
            Run(seed, kind);
        }
    }

    private static void Run(int seed, params SimulatedGroup.GroupKind[] kinds)
    {
        var simulation = new CoordinatorSimulation(seed, kinds);
        try
        {
            simulation.Run(NoiseMs);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException(
                $"seed {seed}, {string.Join(' ', kinds)}: {failure.Message}\nafter\n{simulation.Trail}", failure);
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : otherwise;
}
