namespace FastLog.Protocol;

/// <summary>A group of fields that encodes itself: a message, or a struct inside of one.</summary>
public interface IMessageStruct
{
    /// <summary>
    /// Replaces all fields by what <paramref name="reader"/> holds. Byte fields and records refer to the input and are
    /// valid only as long as it is. Throws <see cref="ProtocolException"/> when the input is malformed.
    /// </summary>
    void Decode(ref MessageReader reader, short version);

    /// <summary>
    /// Writes all fields that <paramref name="version"/> has. Throws <see cref="ProtocolException"/> when a field is set
    /// that the version lacks and that may not be dropped, or is null where null is not allowed.
    /// </summary>
    void Encode(ref MessageWriter writer, short version);

    /// <summary>Sets all fields to their defaults; lists keep their memory for the next use.</summary>
    void Reset();
}

/// <summary>A message that stands on its own.</summary>
public interface IMessage : IMessageStruct
{
    /// <summary>The versions there are.</summary>
    MessageVersions Versions { get; }
}

/// <summary>A request of some API.</summary>
public interface IRequest : IMessage
{
    /// <summary>The API.</summary>
    ApiKey ApiKey { get; }
}

/// <summary>A request that is answered by a <typeparamref name="TResponse"/>.</summary>
/// <typeparam name="TResponse">The response of the same API.</typeparam>
public interface IRequest<TResponse> : IRequest
    where TResponse : IResponse, new();

/// <summary>A response of some API.</summary>
public interface IResponse : IMessage
{
    /// <summary>The API.</summary>
    ApiKey ApiKey { get; }
}

/// <summary>A record of the metadata log.</summary>
public interface IMetadataRecord : IMessage
{
    /// <summary>What the record is; its number is the key in the record's framing.</summary>
    MetadataRecordType RecordType { get; }
}
