using FastLog.LoadGen.Suite.Scenarios;
using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>One load to be run: which scenario, against whom, on which topic, how much of it.</summary>
internal sealed record LoadOrder
{
    public required Scenario Scenario { get; init; }

    public required Target Target { get; init; }

    public required string Topic { get; init; }

    public required int Run { get; init; }

    public required long RecordsCount { get; init; }

    public required long WarmupRecordsCount { get; init; }
}
