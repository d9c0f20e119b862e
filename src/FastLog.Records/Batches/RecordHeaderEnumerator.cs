using System.Text;

namespace FastLog.Records;

/// <summary>Walks the headers of one record.</summary>
public ref struct RecordHeaderEnumerator
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _left;
    private RecordHeaderView _current;

    /// <summary>Walks <paramref name="count"/> headers laid out in <paramref name="bytes"/>.</summary>
    public RecordHeaderEnumerator(ReadOnlySpan<byte> bytes, int count)
    {
        _bytes = bytes;
        _left = count;
        _position = 0;
        _current = default;
    }

    /// <summary>The header last moved to.</summary>
    public readonly RecordHeaderView Current => _current;

    /// <summary>This enumerator, for <c>foreach</c>.</summary>
    public readonly RecordHeaderEnumerator GetEnumerator() => this;

    /// <summary>Moves on; <see cref="RecordFormatException"/> when the bytes are not headers.</summary>
    public bool MoveNext()
    {
        if (_left <= 0)
        {
            return false;
        }

        _left--;
        ReadOnlySpan<byte> key = RecordBytes.ReadNullable(_bytes, ref _position, out bool keyIsNull);
        if (keyIsNull)
        {
            throw new RecordFormatException("A record header has no key.");
        }

        ReadOnlySpan<byte> value = RecordBytes.ReadNullable(_bytes, ref _position, out bool valueIsNull);
        _current = new RecordHeaderView(key, value, valueIsNull);
        return true;
    }

    /// <summary>Walks to the end and checks that the headers fill the bytes exactly.</summary>
    internal static void Check(ReadOnlySpan<byte> bytes, int count)
    {
        RecordHeaderEnumerator headers = new(bytes, count);
        while (headers.MoveNext())
        {
        }

        if (headers._position != bytes.Length)
        {
            throw new RecordFormatException("A record is longer than its fields.");
        }
    }
}

/// <summary>One header of a record, as spans over the bytes it was read from.</summary>
public readonly ref struct RecordHeaderView
{
    internal RecordHeaderView(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool valueIsNull)
    {
        Key = key;
        Value = value;
        ValueIsNull = valueIsNull;
    }

    /// <summary>UTF-8 bytes of the key.</summary>
    public ReadOnlySpan<byte> Key { get; }

    /// <summary>The value; empty when null.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Whether the value is null.</summary>
    public bool ValueIsNull { get; }

    /// <summary>The key as text; bytes that are no UTF-8 become replacement characters.</summary>
    public string KeyText => Encoding.UTF8.GetString(Key);
}
