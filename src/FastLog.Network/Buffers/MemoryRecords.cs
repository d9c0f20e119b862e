using System.Buffers;
using FastLog.Protocol;

namespace FastLog.Network;

/// <summary>
/// Records that lie in memory of the caller and go to the socket from there, without a copy.
/// </summary>
/// <remarks>The memory must stay as it is until the frame that holds them was answered, or failed.</remarks>
public sealed class MemoryRecords : IExternalRecords
{
    /// <summary>Records over one piece of memory.</summary>
    public MemoryRecords(ReadOnlyMemory<byte> bytes)
        : this(new ReadOnlySequence<byte>(bytes))
    {
    }

    /// <summary>Records over several pieces of memory.</summary>
    public MemoryRecords(in ReadOnlySequence<byte> bytes) => Set(bytes);

    /// <summary>The bytes.</summary>
    public ReadOnlySequence<byte> Bytes { get; private set; }

    /// <inheritdoc/>
    public int SizeInBytes { get; private set; }

    /// <summary>Points the object at other bytes, so that its owner can use it for the next frame.</summary>
    public void Set(in ReadOnlySequence<byte> bytes)
    {
        Bytes = bytes;
        SizeInBytes = checked((int)bytes.Length);
    }
}
