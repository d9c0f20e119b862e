using System.Buffers;
using System.Text;

namespace FastLog.Protocol;

public ref partial struct MessageWriter
{
    /// <summary>Strings up to this many bytes go straight into the output, which must offer as much in one piece.</summary>
    private const int DirectStringBytesMax = 1024;

    /// <summary>Writes a string. Throws <see cref="ProtocolException"/> for null and above 32767 bytes.</summary>
    public void WriteString(string value, bool compact)
    {
        if (value is null)
        {
            ProtocolException.ThrowNull("a string");
        }

        int length = Encoding.UTF8.GetByteCount(value);
        if (length > MessageReader.StringBytesMax)
        {
            ProtocolException.ThrowLength("a string", length);
        }

        if (compact)
        {
            WriteUnsignedVarint((uint)length + 1);
        }
        else
        {
            WriteInt16((short)length);
        }

        WriteText(value, length);
    }

    /// <summary>Writes a string or null; throws for null unless it is <paramref name="allowed"/>.</summary>
    public void WriteNullableString(string? value, bool compact, bool allowed = true)
    {
        if (value is not null)
        {
            WriteString(value, compact);
        }
        else if (!allowed)
        {
            ProtocolException.ThrowNull("a string");
        }
        else if (compact)
        {
            WriteUnsignedVarint(0);
        }
        else
        {
            WriteInt16(-1);
        }
    }

    /// <summary>Writes bytes.</summary>
    public void WriteBytes(ReadOnlyMemory<byte> value, bool compact)
    {
        WriteLength(value.Length, compact);
        WriteRaw(value.Span);
    }

    /// <summary>Writes bytes or null; throws for null unless it is <paramref name="allowed"/>.</summary>
    public void WriteNullableBytes(ReadOnlyMemory<byte>? value, bool compact, bool allowed = true)
    {
        if (value is { } bytes)
        {
            WriteBytes(bytes, compact);
        }
        else
        {
            WriteNull("a byte field", compact, allowed);
        }
    }

    /// <summary>
    /// Writes records, copying bytes and handing over records that lie elsewhere. Throws
    /// <see cref="InvalidOperationException"/> when the output cannot take the latter.
    /// </summary>
    public void WriteRecords(RecordsField value, bool compact) => WriteNullableRecords(value, compact, allowed: false);

    /// <summary>Writes records or null; throws for null unless it is <paramref name="allowed"/>.</summary>
    public void WriteNullableRecords(RecordsField value, bool compact, bool allowed = true)
    {
        if (value.IsNull)
        {
            WriteNull("a records field", compact, allowed);
            return;
        }

        WriteLength(value.SizeInBytes, compact);
        if (value.External is { } external)
        {
            WriteExternal(external);
            return;
        }

        foreach (ReadOnlyMemory<byte> segment in value.Bytes)
        {
            WriteRaw(segment.Span);
        }
    }

    /// <summary>Writes an array's element count.</summary>
    public void WriteArrayCount(int count, bool compact) => WriteLength(count, compact);

    /// <summary>Writes an array's element count, -1 for null; throws for null unless it is <paramref name="allowed"/>.</summary>
    public void WriteNullableArrayCount(int count, bool compact, bool allowed = true)
    {
        if (count < 0)
        {
            WriteNull("an array", compact, allowed);
        }
        else
        {
            WriteLength(count, compact);
        }
    }

    /// <summary>Writes the mark before a nullable struct; throws for null unless it is <paramref name="allowed"/>.</summary>
    public void WriteIsPresent(bool isPresent, bool allowed = true)
    {
        if (!isPresent && !allowed)
        {
            ProtocolException.ThrowNull("a struct");
        }

        WriteInt8(isPresent ? (sbyte)1 : (sbyte)-1);
    }

    /// <summary>Writes the mark before a nullable struct in a tagged field, where null is 0 and not -1.</summary>
    public void WriteIsPresentInTag(bool isPresent) => WriteUnsignedVarint(isPresent ? 1u : 0u);

    /// <summary>Writes that no tagged fields follow.</summary>
    public void WriteNoTags() => WriteUnsignedVarint(0);

    /// <summary>Writes how many tagged fields follow.</summary>
    public void WriteTagCount(int count) => WriteUnsignedVarint((uint)count);

    /// <summary>Writes a tag and the size of the field that follows.</summary>
    public void WriteTag(int tag, long sizeInBytes)
    {
        WriteUnsignedVarint((uint)tag);
        WriteUnsignedVarint(checked((uint)sizeInBytes));
    }

    /// <summary>Writes bytes as they are.</summary>
    public void WriteRaw(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= _span.Length - _index)
        {
            bytes.CopyTo(_span[_index..]);
            _index += bytes.Length;
            return;
        }

        Flush();
        _output?.Write(bytes);
        _flushed += bytes.Length;
    }

    private void WriteLength(int length, bool compact)
    {
        if (compact)
        {
            WriteUnsignedVarint((uint)length + 1);
        }
        else
        {
            WriteInt32(length);
        }
    }

    private void WriteNull(string what, bool compact, bool allowed)
    {
        if (!allowed)
        {
            ProtocolException.ThrowNull(what);
        }

        WriteLength(-1, compact);
    }

    private void WriteText(string value, int length)
    {
        if (_output is null)
        {
            _flushed += length;
        }
        else if (length <= DirectStringBytesMax)
        {
            Encoding.UTF8.GetBytes(value, Reserve(length));
        }
        else
        {
            byte[] rented = ArrayPool<byte>.Shared.Rent(length);
            WriteRaw(rented.AsSpan(0, Encoding.UTF8.GetBytes(value, rented)));
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private void WriteExternal(IExternalRecords records)
    {
        Flush();
        if (_output is IMessageOutput output)
        {
            output.WriteExternal(records);
        }
        else if (_output is not null)
        {
            throw new InvalidOperationException("this output takes bytes only, not records that lie elsewhere");
        }

        _flushed += records.SizeInBytes;
    }
}
