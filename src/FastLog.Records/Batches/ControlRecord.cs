using System.Buffers.Binary;

namespace FastLog.Records;

/// <summary>Keys of control records, and the value of the two that end transactions.</summary>
public static class ControlRecord
{
    /// <summary>Bytes of a key: version i16 and type i16.</summary>
    public const int KeySizeInBytes = 4;

    /// <summary>Bytes of an <see cref="ControlRecordType.Abort"/> or <see cref="ControlRecordType.Commit"/> value: version i16 and coordinator epoch i32.</summary>
    public const int EndTransactionValueSizeInBytes = 6;

    private const short CurrentKeyVersion = 0;
    private const short CurrentEndTransactionVersion = 0;

    /// <summary>Writes the 4-byte key.</summary>
    public static void WriteKey(Span<byte> destination, ControlRecordType type)
    {
        BinaryPrimitives.WriteInt16BigEndian(destination, CurrentKeyVersion);
        BinaryPrimitives.WriteInt16BigEndian(destination[sizeof(short)..], (short)type);
    }

    /// <summary>
    /// Reads a key; false when it is too short or its version is negative. A newer version may have more
    /// bytes and is read as far as known; the type may be one that has no name here.
    /// </summary>
    public static bool TryReadKey(ReadOnlySpan<byte> key, out ControlRecordType type)
    {
        if (key.Length < KeySizeInBytes || BinaryPrimitives.ReadInt16BigEndian(key) < CurrentKeyVersion)
        {
            type = default;
            return false;
        }

        type = (ControlRecordType)BinaryPrimitives.ReadInt16BigEndian(key[sizeof(short)..]);
        return true;
    }

    /// <summary>Writes the 6-byte value of a record that ends a transaction.</summary>
    public static void WriteEndTransactionValue(Span<byte> destination, int coordinatorEpoch)
    {
        BinaryPrimitives.WriteInt16BigEndian(destination, CurrentEndTransactionVersion);
        BinaryPrimitives.WriteInt32BigEndian(destination[sizeof(short)..], coordinatorEpoch);
    }

    /// <summary>Reads the value of a record that ends a transaction; false when it is too short or its version is negative.</summary>
    public static bool TryReadEndTransactionValue(ReadOnlySpan<byte> value, out int coordinatorEpoch)
    {
        if (value.Length < EndTransactionValueSizeInBytes ||
            BinaryPrimitives.ReadInt16BigEndian(value) < CurrentEndTransactionVersion)
        {
            coordinatorEpoch = 0;
            return false;
        }

        coordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(value[sizeof(short)..]);
        return true;
    }
}
