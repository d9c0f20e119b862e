namespace FastLog.Records;

/// <summary>
/// Bytes that claim to be a record batch, a record or a compressed block are not one, or would
/// unpack to more than the caller allows. The only exception corrupt input causes in this room.
/// </summary>
public sealed class RecordFormatException : Exception
{
    /// <summary>An exception without further detail.</summary>
    public RecordFormatException()
    {
    }

    /// <summary>An exception that says what was wrong with the bytes.</summary>
    public RecordFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Whether the bytes may be sound but would unpack to more than the caller allows.</summary>
    public bool IsSizeExceeded { get; init; }

    /// <summary>An exception that says what was wrong and which lower failure showed it.</summary>
    public RecordFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
