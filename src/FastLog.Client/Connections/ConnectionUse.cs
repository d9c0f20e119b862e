namespace FastLog.Client;

/// <summary>What a connection is for. Responses leave a broker in the order of requests, so a fetch that waits for data
/// must not stand before anything else.</summary>
internal enum ConnectionUse
{
    /// <summary>Metadata, offsets, administration: awaited by code that may do anything next.</summary>
    Requests,

    /// <summary>Produce; answered on the read loop.</summary>
    Produce,

    /// <summary>Fetch; answered on the read loop.</summary>
    Fetch,

    /// <summary>Joining a group, which may wait for its other members, and its heartbeats.</summary>
    Membership,
}
