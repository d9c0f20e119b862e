using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Load.Sink;

/// <summary>What is kept for one connection, so that a request costs no allocation.</summary>
internal sealed class SinkConnection
{
    /// <summary>Topic names and client ids seen on it.</summary>
    public StringCache Strings { get; } = new();

    /// <summary>The produce request being answered.</summary>
    public ProduceRequest Request { get; } = new();

    /// <summary>Its answer.</summary>
    public ProduceResponse Response { get; } = new();
}
