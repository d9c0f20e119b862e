using FastLog.Protocol;

namespace FastLog.Broker.Requests;

/// <summary>Answers the requests of one API. One subclass per API, in a file named after it.</summary>
public abstract class RequestHandler
{
    /// <summary>The API this handler answers; ApiVersions advertises exactly the APIs that have a handler.</summary>
    public abstract ApiKey ApiKey { get; }

    /// <summary>
    /// Handles one request. Called on the connection's read loop in arrival order and must not block: what has to
    /// wait goes on elsewhere and completes the response later. The body's bytes are gone when this returns.
    /// </summary>
    /// <exception cref="ProtocolException">The body is malformed; the connection is closed.</exception>
    internal abstract void Handle(in RequestContext context, ref MessageReader body);
}

/// <summary>A handler off the hot path: decodes into a fresh request and may await before it answers.</summary>
public abstract class RequestHandler<TRequest, TResponse> : RequestHandler
    where TRequest : class, IMessage, new()
    where TResponse : class, IMessage
{
    internal sealed override void Handle(in RequestContext context, ref MessageReader body)
    {
        var request = new TRequest();
        request.Decode(ref body, context.Version);
        var handling = HandleAsync(context, request);
        if (handling.IsCompletedSuccessfully)
        {
            context.Respond(handling.Result);
        }
        else
        {
            context.Response.MarkWaiting();
            _ = AnswerLaterAsync(context, handling);
        }
    }

    /// <summary>Answers one request; errors of Kafka's are fields of the response, not exceptions.</summary>
    internal abstract ValueTask<TResponse> HandleAsync(RequestContext context, TRequest request);

    private static async Task AnswerLaterAsync(RequestContext context, ValueTask<TResponse> handling)
    {
#pragma warning disable CA1031 // Whatever a handler throws ends this one connection, with its reason in the log.
        try
        {
            context.Respond(await handling.ConfigureAwait(false));
        }
        catch (Exception e)
        {
            context.Response.CloseConnection($"{(ApiKey)context.Header.ApiKey} failed: {e}");
        }
#pragma warning restore CA1031
    }
}
