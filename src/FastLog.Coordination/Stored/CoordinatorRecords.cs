using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination;

/// <summary>The records of <c>__consumer_offsets</c> as bytes: Kafka's own keys and values.</summary>
public static class CoordinatorRecords
{
    /// <summary>
    /// Reads a record. Keys and values refer to the bytes given as long as they hold byte fields.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null for a tombstone.</param>
    /// <returns>Null for a type that is not known here, a share group's say; such records are left alone.</returns>
    /// <exception cref="ProtocolException">Key or value is malformed.</exception>
    public static CoordinatorRecord? Decode(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value)
    {
        var keyVersion = VersionPrefixed.ReadVersion(key.Span);
        if (NewMessages(keyVersion) is not var (keyMessage, valueMessage))
        {
            return null;
        }

        VersionPrefixed.Decode(keyMessage, key);
        if (value is not { } bytes)
        {
            return new CoordinatorRecord(keyMessage, keyVersion, null, 0);
        }

        var valueVersion = VersionPrefixed.ReadVersion(bytes.Span);
        VersionPrefixed.Decode(valueMessage, bytes);
        return new CoordinatorRecord(keyMessage, keyVersion, valueMessage, valueVersion);
    }

    private static (IMessage Key, IMessage Value)? NewMessages(short type) => type switch
    {
        0 or 1 => (new OffsetCommitKey(), new OffsetCommitValue()),
        2 => (new GroupMetadataKey(), new GroupMetadataValue()),
        3 => (new ConsumerGroupMetadataKey(), new ConsumerGroupMetadataValue()),
        4 => (new ConsumerGroupPartitionMetadataKey(), new ConsumerGroupPartitionMetadataValue()),
        5 => (new ConsumerGroupMemberMetadataKey(), new ConsumerGroupMemberMetadataValue()),
        6 => (new ConsumerGroupTargetAssignmentMetadataKey(), new ConsumerGroupTargetAssignmentMetadataValue()),
        7 => (new ConsumerGroupTargetAssignmentMemberKey(), new ConsumerGroupTargetAssignmentMemberValue()),
        8 => (new ConsumerGroupCurrentMemberAssignmentKey(), new ConsumerGroupCurrentMemberAssignmentValue()),
        16 => (new ConsumerGroupRegularExpressionKey(), new ConsumerGroupRegularExpressionValue()),
        _ => null,
    };
}
