using FastLog.Network;
using FastLog.Protocol;

namespace FastLog.Broker.Requests;

/// <summary>One request on its way: who asked, in which version, and where the answer goes.</summary>
public readonly struct RequestContext(Connection connection, RequestHeader header, PendingResponse response)
{
    /// <summary>The connection that the request came on.</summary>
    public Connection Connection { get; } = connection;

    /// <summary>API key, version, correlation id and client id.</summary>
    public RequestHeader Header { get; } = header;

    /// <summary>Where the answer goes; answers leave in request order.</summary>
    public PendingResponse Response { get; } = response;

    /// <summary>What the broker keeps for the connection.</summary>
    internal ConnectionState State => (ConnectionState)Connection.State!;

    /// <summary>Version of the request's API.</summary>
    public short Version => Header.ApiVersion;

    /// <summary>Encodes the response in the request's version and hands it to the connection.</summary>
    public void Respond(IMessage message) => Respond(message, Version);

    /// <summary>Encodes the response in another version: ApiVersions answers an unknown version in version 0.</summary>
    public void Respond(IMessage message, short version)
    {
        Encode(message, version);
        Response.Complete();
    }

    /// <summary>
    /// Like <see cref="Respond(IMessage)"/> where nobody could catch: on the threads of the flusher, the deadlines and the
    /// pool. A response that cannot be encoded closes its connection and no other.
    /// </summary>
    /// <returns>False when the connection is closed instead; what the response held is still the caller's.</returns>
    internal bool RespondOrClose(IMessage message, Action<IMessage>? onFailure = null)
    {
#pragma warning disable CA1031 // Whatever is wrong with one response must not take down the thread that many share.
        try
        {
            Encode(message, Version);
        }
        catch (Exception e)
        {
            onFailure?.Invoke(message);
            Response.CloseConnection($"{(ApiKey)Header.ApiKey} cannot be answered: {e}");
            return false;
        }
#pragma warning restore CA1031
        Response.Complete();
        return true;
    }

    private void Encode(IMessage message, short version)
    {
        var writer = new MessageWriter(Response.Output);
        new ResponseHeader(Header.CorrelationId).Encode(ref writer, (ApiKey)Header.ApiKey, version);
        message.Encode(ref writer, version);
        writer.Flush();
        // Whoever drives an operation without the dispatcher has nobody who counts.
        (Connection.State as ConnectionState)?.Errors.CountIn(message, (ApiKey)Header.ApiKey);
    }
}
