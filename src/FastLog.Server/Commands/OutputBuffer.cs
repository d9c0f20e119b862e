using System.Buffers;

namespace FastLog.Server.Commands;

/// <summary>Gathers output and writes it in large pieces; <see cref="Flush"/> when nothing more comes for now.</summary>
internal sealed class OutputBuffer(Stream output) : IBufferWriter<byte>
{
    private const int FlushAtBytes = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _gathered = new(2 * FlushAtBytes);

    public void Advance(int count) => _gathered.Advance(count);

    public Memory<byte> GetMemory(int sizeHint = 0) => _gathered.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => _gathered.GetSpan(sizeHint);

    /// <summary>Writes when enough was gathered. Called between records.</summary>
    public void FlushIfFull()
    {
        if (_gathered.WrittenCount >= FlushAtBytes)
        {
            Flush();
        }
    }

    public void Flush()
    {
        output.Write(_gathered.WrittenSpan);
        output.Flush();
        _gathered.ResetWrittenCount();
    }
}
