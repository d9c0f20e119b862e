using System.Buffers;

namespace FastLog.Network;

/// <summary>What a listener's connections hand their requests to.</summary>
public interface IRequestProcessor
{
    /// <summary>A connection was accepted. Called before its first request, on its read loop.</summary>
    void OnConnected(Connection connection)
    {
    }

    /// <summary>
    /// One request arrived. Called on the connection's read loop, in order of arrival, one at a time; must not block.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="frame">The request without its size field; valid only until the call returns.</param>
    /// <param name="response">To be completed once, now or later, by any thread.</param>
    /// <exception cref="FastLog.Protocol.ProtocolException">The request is malformed: the connection is closed with one
    /// log line, after the requests before it were answered. A call that throws must not have handed
    /// <paramref name="response"/> to another thread.</exception>
    void Process(Connection connection, in ReadOnlySequence<byte> frame, PendingResponse response);

    /// <summary>
    /// The read loop handed over every request that it had bytes of. Responses completed before this returns leave in
    /// one send; work that was put off to be done in one go is to be done, or handed on, here.
    /// </summary>
    void OnPassCompleted(Connection connection)
    {
    }

    /// <summary>The connection is closed and no further request follows. Responses may still be completed; they are
    /// dropped. Called once for each <see cref="OnConnected"/>.</summary>
    void OnDisconnected(Connection connection)
    {
    }
}
