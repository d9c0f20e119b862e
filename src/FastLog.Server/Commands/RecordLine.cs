namespace FastLog.Server.Commands;

/// <summary>A line of input, split into key and value.</summary>
internal readonly ref struct RecordLine
{
    private RecordLine(ReadOnlySpan<byte> key, bool keyIsNull, ReadOnlySpan<byte> value, bool valueIsNull)
    {
        Key = key;
        KeyIsNull = keyIsNull;
        Value = value;
        ValueIsNull = valueIsNull;
    }

    public ReadOnlySpan<byte> Key { get; }

    public bool KeyIsNull { get; }

    public ReadOnlySpan<byte> Value { get; }

    public bool ValueIsNull { get; }

    /// <summary>Splits a line at the first separator. Without one, or without a separator to look for, it is all value.
    /// </summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="separator">What stands between key and value; empty for none.</param>
    /// <param name="emptyIsNull">Whether an empty key or value is none at all.</param>
    public static RecordLine Split(ReadOnlySpan<byte> line, ReadOnlySpan<byte> separator, bool emptyIsNull)
    {
        var at = separator.IsEmpty ? -1 : line.IndexOf(separator);
        var hasKey = at >= 0;
        var key = hasKey ? line[..at] : default;
        var value = hasKey ? line[(at + separator.Length)..] : line;
        return new RecordLine(
            key, !hasKey || (emptyIsNull && key.IsEmpty), value, emptyIsNull && value.IsEmpty);
    }
}
