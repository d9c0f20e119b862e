using System.Buffers;

namespace FastLog.Protocol;

/// <summary>Whole messages to and from bytes, without headers.</summary>
public static class MessageEncoding
{
    /// <summary>Bytes the message takes in a version.</summary>
    public static long SizeInBytes(this IMessageStruct message, short version)
    {
        MessageWriter writer = MessageWriter.Measuring();
        message.Encode(ref writer, version);
        return writer.BytesWritten;
    }

    /// <summary>Appends the message to an output.</summary>
    public static void EncodeTo(this IMessageStruct message, IBufferWriter<byte> output, short version)
    {
        var writer = new MessageWriter(output);
        message.Encode(ref writer, version);
        writer.Flush();
    }

    /// <summary>The message as bytes of its own.</summary>
    public static byte[] ToArray(this IMessageStruct message, short version)
    {
        var output = new ArrayBufferWriter<byte>();
        message.EncodeTo(output, version);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Replaces the message's fields by what these bytes hold; bytes after its end are ignored.</summary>
    public static void DecodeFrom(this IMessageStruct message, ReadOnlyMemory<byte> bytes, short version)
    {
        var reader = new MessageReader(bytes);
        message.Decode(ref reader, version);
    }
}
