namespace FastLog.Records;

/// <summary>How the records of a batch are packed: bits 0 to 2 of the batch attributes. 5 to 7 are not assigned.</summary>
public enum CompressionType : byte
{
    /// <summary>Not packed.</summary>
    None = 0,

    /// <summary>RFC 1952 stream.</summary>
    Gzip = 1,

    /// <summary>Snappy blocks in xerial framing, or one raw block.</summary>
    Snappy = 2,

    /// <summary>LZ4 frame.</summary>
    Lz4 = 3,

    /// <summary>Zstandard frames (KIP-110).</summary>
    Zstd = 4,
}
