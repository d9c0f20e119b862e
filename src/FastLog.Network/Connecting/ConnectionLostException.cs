namespace FastLog.Network;

/// <summary>
/// An outgoing connection ended, for whatever reason, before the response came. Whether the peer did what the request
/// asked for is not known.
/// </summary>
public sealed class ConnectionLostException : IOException
{
    /// <summary>An exception without a reason.</summary>
    public ConnectionLostException()
    {
    }

    /// <summary>An exception with a reason.</summary>
    public ConnectionLostException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a reason and its cause.</summary>
    public ConnectionLostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
