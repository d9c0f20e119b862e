namespace FastLog.Network;

/// <summary>Whether a request may be taken from the received bytes.</summary>
internal enum Admission
{
    /// <summary>Yes, it was charged.</summary>
    Admitted,

    /// <summary>Not before others were answered; the queue signals when to try again.</summary>
    Wait,

    /// <summary>Never: the connection is closing.</summary>
    Stopped,
}
