using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FastLog.Storage;

/// <summary>A file of the kernel. Thread-safe as the kernel is: positions are given, nothing is shared.</summary>
internal sealed unsafe class PosixFile(string path, SafeFileHandle handle) : IFile
{
    // The handles of one gathered write are pinned for its duration; one array a thread, never shared.
    [ThreadStatic]
    private static MemoryHandle[]? _pins;

    public string Path => path;

    public SafeFileHandle? Handle => handle;

    public long Length => RandomAccess.GetLength(handle);

    public int Read(long position, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            nint read;
            fixed (byte* start = buffer[total..])
            {
                read = Libc.Read(handle, start, (nuint)(buffer.Length - total), position + total);
            }
            if (read == 0)
                break;
            if (read > 0)
                total += (int)read;
            else
                ThrowUnlessInterrupted("pread");
        }
        return total;
    }

    public void Write(long position, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint written;
            fixed (byte* start = bytes)
            {
                written = Libc.Write(handle, start, (nuint)bytes.Length, position);
            }
            if (written < 0)
            {
                ThrowUnlessInterrupted("pwrite");
                continue;
            }
            position += written;
            bytes = bytes[(int)written..];
        }
    }

    public void Write(long position, ReadOnlySpan<byte> head, in ReadOnlySequence<byte> payload)
    {
        _pins ??= new MemoryHandle[Libc.IovMax];
        SequencePosition next = payload.Start;
        bool more = true;
        fixed (byte* headStart = head)
        {
            byte* headAt = headStart;
            int headLength = head.Length;
            while (more || headLength > 0)
            {
                position += WriteOnce(position, headAt, headLength, payload, ref next, out more);
                headLength = 0;
            }
        }
    }

    /// <summary>Pins and writes as many segments as one system call takes; moves <paramref name="next"/> past them.</summary>
    [SkipLocalsInit]
    private long WriteOnce(
        long position, byte* head, int headLength, in ReadOnlySequence<byte> payload, ref SequencePosition next, out bool more)
    {
        Libc.IoVector* vectors = stackalloc Libc.IoVector[Libc.IovMax];
        int count = 0;
        int pinned = 0;
        long total = headLength;
        if (headLength > 0)
            vectors[count++] = new Libc.IoVector { Base = head, Length = (nuint)headLength };
        try
        {
            more = true;
            while (count < Libc.IovMax && (more = payload.TryGet(ref next, out ReadOnlyMemory<byte> segment)))
            {
                if (segment.IsEmpty)
                    continue;
                _pins![pinned] = segment.Pin();
                vectors[count++] = new Libc.IoVector { Base = _pins[pinned++].Pointer, Length = (nuint)segment.Length };
                total += segment.Length;
            }
            WriteVectors(position, vectors, count, total);
            return total;
        }
        finally
        {
            for (int i = 0; i < pinned; i++)
            {
                _pins![i].Dispose();
                _pins[i] = default;
            }
        }
    }

    private void WriteVectors(long position, Libc.IoVector* vectors, int count, long total)
    {
        while (total > 0)
        {
            nint written = Libc.WriteGathered(handle, vectors, count, position);
            if (written < 0)
            {
                ThrowUnlessInterrupted("pwritev");
                continue;
            }
            position += written;
            total -= written;
            GatheredWrite.Advance(ref vectors, ref count, (nuint)written);
        }
    }

    public void FlushData()
    {
        // EINTR before anything was started is the one outcome of fdatasync that is not final.
        while (Libc.SyncData(handle) != 0)
            ThrowUnlessInterrupted("fdatasync");
    }

    public void Truncate(long length)
    {
        while (Libc.Truncate(handle, length) != 0)
            ThrowUnlessInterrupted("ftruncate");
    }

    public void Allocate(long length)
    {
        while (Libc.Allocate(handle, Libc.KeepSize, 0, length) != 0)
        {
            if (Marshal.GetLastPInvokeError() == Libc.OperationNotSupported)
                return;
            ThrowUnlessInterrupted("fallocate");
        }
    }

    public void Dispose() => handle.Dispose();

    private void ThrowUnlessInterrupted(string operation)
    {
        int error = Marshal.GetLastPInvokeError();
        if (error != Libc.Interrupted)
            throw new DiskException(operation, path, error);
    }
}
