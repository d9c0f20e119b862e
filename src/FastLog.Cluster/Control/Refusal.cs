using FastLog.Protocol;

namespace FastLog.Cluster;

/// <summary>Why one item of a request is not done.</summary>
/// <param name="Error">Kafka's error code.</param>
/// <param name="Message">In words, as Kafka says it; null for the error's own text.</param>
internal sealed record Refusal(ErrorCode Error, string? Message);
