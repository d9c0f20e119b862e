using FastLog.Raft;

namespace FastLog.Cluster;

/// <summary>What the controller decided: records to append (none to append if empty), and what to answer then.</summary>
/// <typeparam name="TResult">The answer.</typeparam>
/// <param name="Records">One atomic batch.</param>
/// <param name="Result">The answer once the records are durable and applied.</param>
public sealed record Decision<TResult>(IReadOnlyList<MetadataRecord> Records, TResult Result);
