using System.Buffers;

namespace FastLog.Protocol;

/// <summary>Record batches that lie outside of a message's bytes, for example in a region of a log file.</summary>
public interface IExternalRecords
{
    /// <summary>Bytes the records take on the wire.</summary>
    int SizeInBytes { get; }
}

/// <summary>An output that can take records from where they lie, beside bytes that are written into it.</summary>
public interface IMessageOutput : IBufferWriter<byte>
{
    /// <summary>Appends the records after all bytes advanced so far.</summary>
    void WriteExternal(IExternalRecords records);
}

/// <summary>
/// The value of a field that holds record batches: null, bytes, or records that lie elsewhere. Decoded bytes are a slice
/// of the input, never a copy, and are valid only as long as the input is.
/// </summary>
public readonly struct RecordsField : IEquatable<RecordsField>
{
    private readonly ReadOnlySequence<byte> _bytes;
    private readonly bool _isSet;

    /// <summary>Records that are these bytes.</summary>
    public RecordsField(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length > int.MaxValue)
        {
            throw new ArgumentOutOfRangeException(nameof(bytes), bytes.Length, "records are limited to 2 GiB");
        }

        _bytes = bytes;
        _isSet = true;
    }

    /// <summary>Records that are these bytes.</summary>
    public RecordsField(ReadOnlyMemory<byte> bytes)
        : this(new ReadOnlySequence<byte>(bytes))
    {
    }

    /// <summary>Records that lie elsewhere; encoding them needs an <see cref="IMessageOutput"/>.</summary>
    public RecordsField(IExternalRecords external)
    {
        ArgumentNullException.ThrowIfNull(external);
        External = external;
        _isSet = true;
    }

    /// <summary>No records field at all.</summary>
    public static RecordsField Null => default;

    /// <summary>No bytes.</summary>
    public static RecordsField Empty => new(ReadOnlySequence<byte>.Empty);

    /// <summary>Whether the field is null.</summary>
    public bool IsNull => !_isSet;

    /// <summary>The records that lie elsewhere, or null.</summary>
    public IExternalRecords? External { get; }

    /// <summary>Bytes on the wire; 0 for null.</summary>
    public int SizeInBytes => External?.SizeInBytes ?? (int)_bytes.Length;

    /// <summary>The bytes; empty for null. Throws <see cref="InvalidOperationException"/> for records that lie elsewhere.</summary>
    public ReadOnlySequence<byte> Bytes =>
        External is null ? _bytes : throw new InvalidOperationException("these records lie outside of memory");

    /// <summary>Bytes as a records field.</summary>
    public static implicit operator RecordsField(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Bytes as a records field.</summary>
    public static RecordsField FromReadOnlyMemory(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Whether both are the same field content: both null, the same external records, or equal bytes.</summary>
    public static bool operator ==(RecordsField left, RecordsField right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(RecordsField left, RecordsField right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(RecordsField other)
    {
        if (_isSet != other._isSet || !ReferenceEquals(External, other.External))
        {
            return false;
        }

        if (_bytes.Length != other._bytes.Length)
        {
            return false;
        }

        return _bytes.IsSingleSegment && other._bytes.IsSingleSegment
            ? _bytes.FirstSpan.SequenceEqual(other._bytes.FirstSpan)
            : _bytes.ToArray().AsSpan().SequenceEqual(other._bytes.ToArray());
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is RecordsField other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_isSet, SizeInBytes);
}
