using System.Buffers;
using System.Runtime.CompilerServices;

namespace FastLog.Records;

/// <summary>
/// A growing contiguous buffer on pooled arrays. Reusable: <see cref="Clear"/> keeps the array,
/// <see cref="Release"/> gives it back to the pool; both forget what was written, so every span,
/// memory or sequence handed out before is no longer valid. Not safe for several threads at once.
/// </summary>
public sealed class PooledBufferWriter : IBufferWriter<byte>, IDisposable
{
    private const int PooledSizeBytesMax = 16 * 1024 * 1024;
    private const int InitialSizeMinBytes = 256;

    private byte[] _buffer = [];
    private int _written;
    private bool _disposed;

    /// <summary>An empty writer; nothing is taken from the pool before the first write.</summary>
    public PooledBufferWriter()
    {
    }

    /// <summary>A writer that takes at least <paramref name="capacityBytes"/> from the pool at once.</summary>
    public PooledBufferWriter(int capacityBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacityBytes);
        if (capacityBytes > 0)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(capacityBytes);
        }
    }

    /// <summary>Bytes written since the last <see cref="Clear"/>.</summary>
    public int WrittenCount => _written;

    /// <summary>Bytes the current array can hold.</summary>
    public int Capacity => _buffer.Length;

    /// <summary>What was written; writable, so that a header can be patched after its body.</summary>
    public Span<byte> WrittenSpan => _buffer.AsSpan(0, _written);

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _written);

    /// <summary>What was written, as a sequence of one segment.</summary>
    public ReadOnlySequence<byte> WrittenSequence => new(_buffer, 0, _written);

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _buffer.Length - _written);
        _written += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        EnsureFree(sizeHint);
        return _buffer.AsMemory(_written);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        EnsureFree(sizeHint);
        return _buffer.AsSpan(_written);
    }

    /// <summary>Appends <paramref name="bytes"/>.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        EnsureFree(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_written));
        _written += bytes.Length;
    }

    /// <summary>Forgets what was written after the first <paramref name="countBytes"/> bytes.</summary>
    public void TruncateTo(int countBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(countBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(countBytes, _written);
        _written = countBytes;
    }

    /// <summary>Forgets what was written and keeps the array.</summary>
    public void Clear() => _written = 0;

    /// <summary>Forgets what was written and gives the array back to the pool; the writer stays usable.</summary>
    public void Release()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        _written = 0;
        Return(buffer);
    }

    /// <summary>Gives the array back to the pool for good.</summary>
    public void Dispose()
    {
        Release();
        _disposed = true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void EnsureFree(int sizeHint)
    {
        if (_buffer.Length - _written < Math.Max(sizeHint, 1))
        {
            Grow(sizeHint);
        }
    }

    private void Grow(int sizeHint)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        long needed = (long)_written + Math.Max(sizeHint, 1);
        if (needed > Array.MaxLength)
        {
            throw new InvalidOperationException($"A buffer of {needed} bytes is longer than an array can be.");
        }

        // Doubling keeps the bytes held within twice the bytes written, and copying linear in all.
        int size = (int)Math.Clamp(Math.Max(needed, 2L * _buffer.Length), InitialSizeMinBytes, Array.MaxLength);
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        _buffer.AsSpan(0, _written).CopyTo(larger);
        byte[] smaller = _buffer;
        _buffer = larger;
        Return(smaller);
    }

    private static void Return(byte[] buffer)
    {
        // The pool keeps an array a thread for good: a rare large one is the collector's.
        if (buffer.Length is > 0 and <= PooledSizeBytesMax)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
