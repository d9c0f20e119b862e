using System.Buffers;
using FastLog.Network;
using FastLog.Protocol;

namespace FastLog.Broker.Requests;

/// <summary>Finds the handler of each frame by its API key. Stateless but for the table of handlers.</summary>
public sealed class RequestDispatcher : IRequestProcessor
{
    private readonly RequestHandler?[] _handlers;

    /// <summary>The errors that requests were answered with.</summary>
    internal RequestErrors Errors { get; } = new();

    /// <summary>Creates a dispatcher over the given handlers, one per API.</summary>
    public RequestDispatcher(IReadOnlyCollection<RequestHandler> handlers)
    {
        _handlers = new RequestHandler?[handlers.Max(handler => (int)handler.ApiKey) + 1];
        foreach (var handler in handlers)
        {
            Invariant.Check(_handlers[(int)handler.ApiKey] is null, "one handler per API");
            _handlers[(int)handler.ApiKey] = handler;
        }
    }

    /// <inheritdoc/>
    public void OnConnected(Connection connection) => connection.State = new ConnectionState(Errors);

    /// <inheritdoc/>
    public void OnDisconnected(Connection connection)
    {
    }

    /// <inheritdoc/>
    public void Process(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response)
    {
        var reader = new MessageReader(frame, ((ConnectionState)connection.State!).Strings);
        var header = RequestHeader.Decode(ref reader);
        var handler = FindHandler(header.ApiKey);
        if (handler is null)
        {
            response.CloseConnection($"API key {header.ApiKey} is not supported");
            return;
        }

        // ApiVersions answers versions it does not know itself: that is how clients negotiate.
        if (handler.ApiKey != ApiKey.ApiVersions && !ApiCatalog.Get(handler.ApiKey).Versions.Contains(header.ApiVersion))
        {
            response.CloseConnection($"{handler.ApiKey} version {header.ApiVersion} is not supported");
            return;
        }

        handler.Handle(new RequestContext(connection, header, response), ref reader);
    }

    private RequestHandler? FindHandler(short apiKey) =>
        (uint)apiKey < (uint)_handlers.Length ? _handlers[apiKey] : null;
}
