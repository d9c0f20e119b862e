namespace FastLog.Records;

/// <summary>Why a batch is refused. Which protocol error that becomes is the caller's to say.</summary>
public enum BatchError : byte
{
    /// <summary>Nothing wrong.</summary>
    None = 0,

    /// <summary>Magic other than 2: a legacy message set, or no batch at all.</summary>
    BadMagic,

    /// <summary>The batch length is not the length of the bytes, or too short for a header.</summary>
    BadLength,

    /// <summary>The stored CRC is not that of the bytes.</summary>
    BadCrc,

    /// <summary>Records count and last offset delta cannot both be true, or the count is not that of the records.</summary>
    BadRecordCount,

    /// <summary>A record is cut off, has an impossible length, or bytes follow the last one.</summary>
    BadRecord,

    /// <summary>A record's offset delta is not what the rules ask for.</summary>
    BadOffsetDelta,

    /// <summary>The compressed block is corrupt or cut off.</summary>
    BadCompressedData,

    /// <summary>The records unpack to more than the bound allows.</summary>
    DecompressedTooLarge,

    /// <summary>A compression type that is not assigned, or whose library is missing here.</summary>
    UnsupportedCompression,
}
