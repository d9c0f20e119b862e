using System.Buffers;
using System.Buffers.Binary;

namespace FastLog.Protocol;

/// <summary>
/// Messages behind an int16 that tells their version: keys and values of the coordinators' topics, and what consumers
/// exchange through a classic group's coordinator. In keys of a topic with several record types the version is the type.
/// </summary>
public static class VersionPrefixed
{
    /// <summary>The version these bytes begin with. Throws <see cref="ProtocolException"/> when there is none.</summary>
    public static short ReadVersion(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.TryReadInt16BigEndian(bytes, out short version)
            ? version
            : throw new ProtocolException("bytes are too few for a version");

    /// <summary>Reads version and message, and returns the version. Throws <see cref="ProtocolException"/> for malformed bytes.</summary>
    public static short Decode(IMessageStruct message, ReadOnlyMemory<byte> bytes, StringCache? strings = null)
    {
        var reader = new MessageReader(bytes, strings);
        short version = reader.ReadInt16();
        message.Decode(ref reader, version);
        return version;
    }

    /// <summary>Writes version and message.</summary>
    public static void Encode(IMessageStruct message, short version, IBufferWriter<byte> output)
    {
        var writer = new MessageWriter(output);
        writer.WriteInt16(version);
        message.Encode(ref writer, version);
        writer.Flush();
    }

    /// <summary>Version and message as bytes of their own.</summary>
    public static byte[] ToArray(IMessageStruct message, short version)
    {
        var output = new ArrayBufferWriter<byte>();
        Encode(message, version, output);
        return output.WrittenSpan.ToArray();
    }
}
