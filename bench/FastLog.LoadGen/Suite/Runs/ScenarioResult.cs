using FastLog.LoadGen.Suite.Limits;
using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>One scenario's outcome.</summary>
internal sealed record ScenarioResult
{
    public required Scenario Scenario { get; init; }

    /// <summary>FastLog's and the peers', by each driver.</summary>
    public IReadOnlyList<CaseResult> Cases { get; init; } = [];

    /// <summary>What the machine can do of it; null where that makes no sense.</summary>
    public LimitFigures? Limits { get; init; }

    /// <summary>Why there are no figures, or not all.</summary>
    public string? Failure { get; init; }

    public CaseResult? Own(Driver driver) => Cases.FirstOrDefault(result => !result.IsPeer && result.Driver == driver);
}
