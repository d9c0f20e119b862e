using System.Buffers;
using System.Text;

namespace FastLog.Protocol;

public ref partial struct MessageReader
{
    /// <summary>Longest string on the wire, in UTF-8 bytes.</summary>
    public const int StringBytesMax = short.MaxValue;

    private const int StackStringBytesMax = 512;

    /// <summary>Reads a string. Malformed UTF-8 is read as U+FFFD, as Kafka does.</summary>
    public string ReadString(bool compact)
    {
        int length = compact ? ReadCompactLength() : ReadInt16();
        if (length < 0)
        {
            ProtocolException.ThrowNull("a string");
        }

        return ReadText(length);
    }

    /// <summary>Reads a string or null; throws for null unless it is <paramref name="allowed"/>.</summary>
    public string? ReadNullableString(bool compact, bool allowed = true)
    {
        int length = compact ? ReadCompactLength() : ReadInt16();
        return IsNull(length, "a string", allowed) ? null : ReadText(length);
    }

    /// <summary>Reads bytes as a slice of the input, or a copy when they lie in several segments.</summary>
    public ReadOnlyMemory<byte> ReadBytes(bool compact)
    {
        int length = ReadLength(compact);
        if (length < 0)
        {
            ProtocolException.ThrowNull("a byte field");
        }

        return TakeMemory(length);
    }

    /// <summary>Reads bytes or null; throws for null unless it is <paramref name="allowed"/>.</summary>
    public ReadOnlyMemory<byte>? ReadNullableBytes(bool compact, bool allowed = true)
    {
        int length = ReadLength(compact);

        // A bare null would turn into an empty memory, by way of the conversion from arrays.
        return IsNull(length, "a byte field", allowed) ? (ReadOnlyMemory<byte>?)null : TakeMemory(length);
    }

    /// <summary>Reads records as a slice of the input.</summary>
    public RecordsField ReadRecords(bool compact)
    {
        int length = ReadLength(compact);
        if (length < 0)
        {
            ProtocolException.ThrowNull("a records field");
        }

        return TakeRecords(length);
    }

    /// <summary>Reads records or null; throws for null unless it is <paramref name="allowed"/>.</summary>
    public RecordsField ReadNullableRecords(bool compact, bool allowed = true)
    {
        int length = ReadLength(compact);
        return IsNull(length, "a records field", allowed) ? RecordsField.Null : TakeRecords(length);
    }

    private static bool IsNull(int length, string what, bool allowed)
    {
        if (length < 0 && !allowed)
        {
            ProtocolException.ThrowNull(what);
        }

        return length < 0;
    }

    private int ReadLength(bool compact)
    {
        int length = compact ? ReadCompactLength() : ReadInt32();
        if (length < -1)
        {
            ProtocolException.ThrowLength("a field", length);
        }

        return length;
    }

    /// <summary>A length written as itself plus one; -1 for null.</summary>
    private int ReadCompactLength()
    {
        uint written = ReadUnsignedVarint();
        if (written > int.MaxValue)
        {
            ProtocolException.ThrowLength("a field", written);
        }

        return (int)written - 1;
    }

    private string ReadText(int length)
    {
        if (length > StringBytesMax)
        {
            ProtocolException.ThrowLength("a string", length);
        }

        if (length == 0)
        {
            return "";
        }

        RequireRemaining(length);
        if (TryTake(length, out ReadOnlySpan<byte> utf8))
        {
            return ToText(utf8);
        }

        Span<byte> copy = length <= StackStringBytesMax ? stackalloc byte[length] : new byte[length];
        CopyTo(copy);
        return ToText(copy);
    }

    private readonly string ToText(scoped ReadOnlySpan<byte> utf8) =>
        _strings is null ? Encoding.UTF8.GetString(utf8) : _strings.Get(utf8);

    private ReadOnlyMemory<byte> TakeMemory(int length)
    {
        RequireRemaining(length);
        if (_span.Length - _index >= length)
        {
            ReadOnlyMemory<byte> slice = _memory.Slice(_index, length);
            _index += length;
            return slice;
        }

        var copy = new byte[length];
        CopyTo(copy);
        return copy;
    }

    private RecordsField TakeRecords(int length)
    {
        RequireRemaining(length);
        if (_span.Length - _index >= length)
        {
            return new RecordsField(TakeMemory(length));
        }

        ReadOnlySequence<byte> slice = _sequence.Slice(_sequence.GetPosition(_index, _segment), length);
        Skip(length);
        return new RecordsField(slice);
    }
}
