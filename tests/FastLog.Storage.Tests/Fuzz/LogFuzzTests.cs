using Xunit.Abstractions;

namespace FastLog.Storage.Tests;

/// <summary>
/// Nothing reported durable is lost or changed, nothing cut is shown again, offsets never go back: 240,000 random
/// operations with crashes between and inside them. FASTLOG_FUZZ_SEED and FASTLOG_FUZZ_OPERATIONS choose others.
/// </summary>
public sealed class LogFuzzTests(ITestOutputHelper output)
{
    private const int Histories = 24;

    [Fact]
    public async Task Random_histories_agree_with_the_model()
    {
        int operations = Setting("FASTLOG_FUZZ_OPERATIONS", 240_000) / Histories;
        int firstSeed = Setting("FASTLOG_FUZZ_SEED", Environment.TickCount);
        for (int seed = firstSeed; seed < firstSeed + Histories; seed++)
            await Run(seed, operations);
    }

    private async Task Run(int seed, int operations)
    {
        LogFuzz fuzz = new(seed);
        try
        {
            await fuzz.Run(operations);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"seed {seed}, {operations} operations: {failure.Message}\nafter {fuzz.Trail}", failure);
        }
        finally
        {
            string counts = string.Join(", ", fuzz.Counts.OrderBy(count => count.Key).Select(count => $"{count.Key} {count.Value}"));
            output.WriteLine($"seed {seed}: {counts}");
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out int value) ? value : otherwise;
}
