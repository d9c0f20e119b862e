namespace FastLog.Network;

/// <summary>A piece of a frame: bytes in memory, or a range of a file.</summary>
internal readonly struct FramePart
{
    public FramePart(ReadOnlyMemory<byte> bytes) => Bytes = bytes;

    public FramePart(FileRegion region) => Region = region;

    /// <summary>The bytes; empty when <see cref="Region"/> is set.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The range of a file, or null.</summary>
    public FileRegion? Region { get; }
}
