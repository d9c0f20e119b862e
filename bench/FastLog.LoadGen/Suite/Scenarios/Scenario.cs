namespace FastLog.LoadGen.Suite.Scenarios;

/// <summary>One line of the table: a load, and what FastLog is to reach under it.</summary>
internal sealed record Scenario
{
    /// <summary>As in <c>--scenario NAME</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line for people.</summary>
    public required string Title { get; init; }

    public required LoadShape Load { get; init; }

    public IReadOnlyList<Goal> Goals { get; init; } = [];

    /// <summary>What Apache Kafka was measured with, in words; null where nothing was.</summary>
    public string? KafkaFigures { get; init; }
}
