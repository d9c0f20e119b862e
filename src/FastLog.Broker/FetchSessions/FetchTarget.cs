namespace FastLog.Broker.FetchSessions;

/// <summary>One partition that a fetch asks for, by name or by topic id.</summary>
/// <param name="Topic">Topic name; null when the request carries ids (Fetch 13 and later).</param>
/// <param name="TopicId">Topic id; empty when the request carries names.</param>
/// <param name="PartitionIndex">Partition.</param>
/// <param name="FetchOffset">First offset wanted.</param>
/// <param name="PartitionMaxBytes">Limit for this partition, bytes.</param>
/// <param name="CurrentLeaderEpoch">Leader epoch the client knows, -1 if none.</param>
/// <param name="LastFetchedEpoch">Epoch of the last record the fetcher has, -1 if none.</param>
internal readonly record struct FetchTarget(
    string? Topic,
    Guid TopicId,
    int PartitionIndex,
    long FetchOffset,
    int PartitionMaxBytes,
    int CurrentLeaderEpoch,
    int LastFetchedEpoch);
