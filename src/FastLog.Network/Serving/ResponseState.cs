namespace FastLog.Network;

/// <summary>Where a <see cref="PendingResponse"/> is in its life. Changed under the gate of its queue.</summary>
internal enum ResponseState
{
    /// <summary>In the pool.</summary>
    Free,

    /// <summary>Waits to be completed.</summary>
    Pending,

    /// <summary>Waits to be sent.</summary>
    Ready,

    /// <summary>Completed, with nothing to send.</summary>
    NoResponse,

    /// <summary>The connection is to be closed here.</summary>
    Close,

    /// <summary>The connection died first; whoever completes it releases it.</summary>
    Orphaned,

    /// <summary>Its request failed in Process; never used again, and completing it does nothing.</summary>
    Abandoned,
}
