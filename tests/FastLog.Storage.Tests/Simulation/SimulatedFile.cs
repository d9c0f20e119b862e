using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace FastLog.Storage.Tests;

/// <summary>An open file of the simulation; useless after a crash, as a dead process's are.</summary>
internal sealed class SimulatedFile(SimulatedFileSystem files, SimulatedInode inode, string path) : IFile
{
    private readonly int _boot = files.Boot;
    private bool _isClosed;

    public string Path => path;

    public SafeFileHandle? Handle => null;

    public long Length
    {
        get
        {
            lock (files.Gate)
            {
                CheckOpen();
                return inode.Length;
            }
        }
    }

    public int Read(long position, Span<byte> buffer)
    {
        lock (files.Gate)
        {
            CheckOpen();
            files.Step("pread", path);
            return inode.Read(position, buffer);
        }
    }

    public void Write(long position, ReadOnlySpan<byte> bytes) => Write(position, bytes, ReadOnlySequence<byte>.Empty);

    public void Write(long position, ReadOnlySpan<byte> head, in ReadOnlySequence<byte> payload)
    {
        byte[] bytes = new byte[head.Length + payload.Length];
        head.CopyTo(bytes);
        payload.CopyTo(bytes.AsSpan(head.Length));
        lock (files.Gate)
        {
            CheckOpen();
            int written = files.StepWrite(path, bytes.Length, position + bytes.Length - inode.Length, out Exception? failure);
            if (written > 0)
                inode.Write(position, bytes.AsSpan(0, written));
            if (failure is not null)
                throw failure;
        }
    }

    public void FlushData()
    {
        lock (files.Gate)
        {
            CheckOpen();
            files.Step("fdatasync", path);
            inode.Sync();
        }
    }

    public void Truncate(long length)
    {
        lock (files.Gate)
        {
            CheckOpen();
            if (length == inode.Length)
                return;
            files.Step("ftruncate", path);
            inode.Truncate(length);
        }
    }

    public void Allocate(long length)
    {
    }

    public void Dispose()
    {
        lock (files.Gate)
        {
            if (!_isClosed && _boot == files.Boot)
                files.OpenFilesCount--;
            _isClosed = true;
        }
    }

    private void CheckOpen()
    {
        if (_boot != files.Boot)
            throw new SimulatedCrashException();
        ObjectDisposedException.ThrowIf(_isClosed, this);
    }
}
