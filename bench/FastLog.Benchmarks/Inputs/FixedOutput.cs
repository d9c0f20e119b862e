using FastLog.Protocol;

namespace FastLog.Benchmarks.Inputs;

/// <summary>An output of one buffer that is there from the start; records that lie elsewhere are only counted.</summary>
internal sealed class FixedOutput(int sizeBytes) : IMessageOutput
{
    private readonly byte[] _buffer = new byte[sizeBytes];
    private int _written;

    public void Clear() => _written = 0;

    public void Advance(int count) => _written += count;

    public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.AsMemory(_written);

    public Span<byte> GetSpan(int sizeHint = 0) => _buffer.AsSpan(_written);

    public void WriteExternal(IExternalRecords records)
    {
    }

    public byte[] ToArray() => _buffer.AsSpan(0, _written).ToArray();
}
