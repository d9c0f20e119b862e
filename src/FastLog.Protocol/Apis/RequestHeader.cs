namespace FastLog.Protocol;

/// <summary>
/// What precedes a request's body. Header version 1 has a client id; version 2, of flexible requests, has tagged fields
/// too, but its client id is never compact, so that a node can read the header of any version it does not know.
/// </summary>
/// <param name="ApiKey">Key of the API, known or not.</param>
/// <param name="ApiVersion">Version of the API, served or not.</param>
/// <param name="CorrelationId">Number that the response repeats.</param>
/// <param name="ClientId">Name that the client gives itself.</param>
public readonly record struct RequestHeader(short ApiKey, short ApiVersion, int CorrelationId, string? ClientId)
{
    /// <summary>A header for a request that is about to be sent.</summary>
    public RequestHeader(ApiKey apiKey, short apiVersion, int correlationId, string? clientId)
        : this((short)apiKey, apiVersion, correlationId, clientId)
    {
    }

    /// <summary>
    /// Reads a header. Throws <see cref="ProtocolException"/> when it is malformed or names an API that does not exist,
    /// whose header version nobody can tell. Whether the API's version is served is left to the caller.
    /// </summary>
    public static RequestHeader Decode(ref MessageReader reader)
    {
        short apiKey = reader.ReadInt16();
        short apiVersion = reader.ReadInt16();
        int correlationId = reader.ReadInt32();
        bool hasTags = ApiCatalog.IsFlexible((ApiKey)apiKey, apiVersion);
        string? clientId = reader.ReadNullableString(compact: false);
        if (hasTags)
        {
            reader.SkipTags();
        }

        return new RequestHeader(apiKey, apiVersion, correlationId, clientId);
    }

    /// <summary>Writes the header.</summary>
    public void Encode(ref MessageWriter writer)
    {
        writer.WriteInt16(ApiKey);
        writer.WriteInt16(ApiVersion);
        writer.WriteInt32(CorrelationId);
        writer.WriteNullableString(ClientId, compact: false);
        if (ApiCatalog.IsFlexible((ApiKey)ApiKey, ApiVersion))
        {
            writer.WriteNoTags();
        }
    }
}

/// <summary>What precedes a response's body.</summary>
/// <param name="CorrelationId">Number of the request it answers.</param>
public readonly record struct ResponseHeader(int CorrelationId)
{
    /// <summary>Reads the header of a response to an API in a version.</summary>
    public static ResponseHeader Decode(ref MessageReader reader, ApiKey apiKey, short apiVersion)
    {
        int correlationId = reader.ReadInt32();
        if (HasTags(apiKey, apiVersion))
        {
            reader.SkipTags();
        }

        return new ResponseHeader(correlationId);
    }

    /// <summary>Writes the header of a response to an API in a version.</summary>
    public void Encode(ref MessageWriter writer, ApiKey apiKey, short apiVersion)
    {
        writer.WriteInt32(CorrelationId);
        if (HasTags(apiKey, apiVersion))
        {
            writer.WriteNoTags();
        }
    }

    /// <summary>
    /// A client that asks for ApiVersions does not know yet what the node can do, nor then in which version it answers:
    /// these responses have a header without tagged fields in every version (KIP-511).
    /// </summary>
    private static bool HasTags(ApiKey apiKey, short apiVersion) =>
        apiKey != ApiKey.ApiVersions && ApiCatalog.IsFlexible(apiKey, apiVersion);
}
