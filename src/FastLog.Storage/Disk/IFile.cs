using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace FastLog.Storage;

/// <summary>
/// One open file. Positions are absolute, so reads and one writer may run side by side. Every failure is a
/// <see cref="DiskException"/>; after one in a write, any part of the bytes may be in the file.
/// </summary>
public interface IFile : IDisposable
{
    /// <summary>The path the file was opened by; only for messages.</summary>
    string Path { get; }

    /// <summary>The descriptor for sendfile; null where there is none (simulation).</summary>
    SafeFileHandle? Handle { get; }

    /// <summary>Length in bytes now.</summary>
    long Length { get; }

    /// <summary>Fills the buffer from a position; fewer bytes come back only at the end of the file.</summary>
    int Read(long position, Span<byte> buffer);

    /// <summary>Writes all the bytes at a position.</summary>
    void Write(long position, ReadOnlySpan<byte> bytes);

    /// <summary>Writes the head and then the payload's segments as they lie, gathered, at a position.</summary>
    void Write(long position, ReadOnlySpan<byte> head, in ReadOnlySequence<byte> payload);

    /// <summary>Makes the written bytes and the length survive a crash (fdatasync). Never call it again after it failed.</summary>
    void FlushData();

    /// <summary>Cuts or extends (with zeros) the file.</summary>
    void Truncate(long length);

    /// <summary>Reserves space up to a length without changing the length; does nothing where the disk cannot.</summary>
    void Allocate(long length);
}
