namespace FastLog.Client;

/// <summary>What a group has committed, or is to commit, for a partition.</summary>
/// <param name="Offset">The next offset to be read.</param>
/// <param name="LeaderEpoch">The leader epoch of the last record before it, or -1 (KIP-320).</param>
/// <param name="Metadata">A text of the application's own.</param>
public readonly record struct OffsetAndMetadata(long Offset, int LeaderEpoch = -1, string Metadata = "");
