using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>Committed offsets as records: key types 0 and 1.</summary>
internal static class OffsetRecords
{
    // Key version 1 is Kafka's present one; both versions have the same fields.
    private const short KeyVersion = 1;
    private const short PresentValueVersion = 3;
    // The one version that can say when an offset expires; it has no leader epoch.
    private const short ExpiringValueVersion = 1;

    public static CoordinatorRecord Commit(string group, string topic, int partition, CommittedOffset offset) => new(
        Key(group, topic, partition),
        KeyVersion,
        new OffsetCommitValue
        {
            Offset = offset.Offset,
            LeaderEpoch = offset.LeaderEpoch,
            Metadata = offset.Metadata,
            CommitTimestamp = offset.CommitTimestampMs,
            ExpireTimestamp = offset.ExpireTimestampMs,
        },
        offset.ExpireTimestampMs < 0 ? PresentValueVersion : ExpiringValueVersion);

    public static CoordinatorRecord Tombstone(string group, string topic, int partition) =>
        new(Key(group, topic, partition), KeyVersion, null, 0);

    public static CommittedOffset Read(OffsetCommitValue value) =>
        new(value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.ExpireTimestamp);

    private static OffsetCommitKey Key(string group, string topic, int partition) =>
        new() { Group = group, Topic = topic, Partition = partition };
}
