using System.Buffers;

namespace FastLog.Protocol;

/// <summary>
/// The framing of a metadata log's record values (KIP-631): frame version 1, record type and version as unsigned
/// varints, then the record.
/// </summary>
public static partial class MetadataRecordSerde
{
    private const uint FrameVersion = 1;

    /// <summary>
    /// Reads a record's value. Throws <see cref="ProtocolException"/> when it is malformed, of an unknown type or
    /// version, or followed by bytes that belong to nothing.
    /// </summary>
    public static IMetadataRecord Decode(in ReadOnlySequence<byte> value, StringCache? strings = null)
    {
        var reader = new MessageReader(value, strings);
        uint frameVersion = reader.ReadUnsignedVarint();
        if (frameVersion != FrameVersion)
        {
            throw new ProtocolException($"unknown frame version {frameVersion} of a metadata record");
        }

        uint type = reader.ReadUnsignedVarint();
        uint version = reader.ReadUnsignedVarint();
        if (type > (uint)short.MaxValue || version > (uint)short.MaxValue)
        {
            throw new ProtocolException($"metadata record type {type} or version {version} is out of range");
        }

        IMetadataRecord record = Create((MetadataRecordType)type);
        record.Decode(ref reader, (short)version);
        return reader.Remaining == 0
            ? record
            : throw new ProtocolException($"{reader.Remaining} bytes follow a {record.RecordType}");
    }

    /// <summary>Reads a record's value.</summary>
    public static IMetadataRecord Decode(ReadOnlyMemory<byte> value, StringCache? strings = null) =>
        Decode(new ReadOnlySequence<byte>(value), strings);

    /// <summary>Writes a record's value in a version of its own.</summary>
    public static void Encode(IMetadataRecord record, short version, IBufferWriter<byte> output)
    {
        var writer = new MessageWriter(output);
        writer.WriteUnsignedVarint(FrameVersion);
        writer.WriteUnsignedVarint((uint)record.RecordType);
        writer.WriteUnsignedVarint((uint)version);
        record.Encode(ref writer, version);
        writer.Flush();
    }
}
