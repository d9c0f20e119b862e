using FastLog.Load.Results;
namespace FastLog.LoadGen.Reports;

/// <summary>One run of all scenarios, with all that is needed to judge it and to do it again.</summary>
public sealed record RunReport
{
    public required DateTimeOffset Date { get; init; }

    /// <summary>What was measured; says so when the working tree had changes.</summary>
    public required string Commit { get; init; }

    /// <summary>The command that made all of it.</summary>
    public required string Command { get; init; }

    public required string BrokerCommand { get; init; }

    /// <summary>Where the broker's log lay.</summary>
    public required string FileSystem { get; init; }

    /// <summary>The machine's load before the run: what is not near zero disturbed it.</summary>
    public required string LoadAverageBefore { get; init; }

    public required Machine Machine { get; init; }

    public required IReadOnlyList<LoadResult> Results { get; init; }
}
