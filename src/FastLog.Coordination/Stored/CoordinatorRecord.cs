using FastLog.Protocol;

namespace FastLog.Coordination;

/// <summary>A record of <c>__consumer_offsets</c>: a key whose version is its type, and a value or a tombstone.</summary>
/// <param name="Key">The key.</param>
/// <param name="KeyVersion">The key's version, which tells the record's type.</param>
/// <param name="Value">The value; null deletes the key.</param>
/// <param name="ValueVersion">The version the value is written in.</param>
public readonly record struct CoordinatorRecord(IMessage Key, short KeyVersion, IMessage? Value, short ValueVersion)
{
    /// <summary>Whether the state says this already, so that the record is not replayed after it was appended.</summary>
    public bool IsApplied { get; init; }

    /// <summary>A record of a type that has one version of its key, which is its highest.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value; null for a tombstone.</param>
    /// <param name="valueVersion">The version the value is written in.</param>
    public static CoordinatorRecord Of(IMessage key, IMessage? value, short valueVersion = 0)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new CoordinatorRecord(key, key.Versions.Highest, value, valueVersion);
    }
}
