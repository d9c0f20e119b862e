using System.Buffers;

namespace FastLog.Protocol;

/// <summary>An output for an encoded message that can also take bytes which live elsewhere.</summary>
public interface IMessageOutput : IBufferWriter<byte>
{
    /// <summary>Puts external records at the present end of the output. The output owns them from here on.</summary>
    /// <param name="records">The records, <see cref="IExternalRecords.SizeInBytes"/> long.</param>
    void WriteExternal(IExternalRecords records);
}
