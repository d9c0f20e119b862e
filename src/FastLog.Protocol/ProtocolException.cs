namespace FastLog.Protocol;

/// <summary>The bytes of a message do not follow the protocol.</summary>
public sealed class ProtocolException : Exception
{
    /// <summary>An exception without a reason.</summary>
    public ProtocolException()
    {
    }

    /// <summary>An exception with the reason that the log line shows.</summary>
    public ProtocolException(string message)
        : base(message)
    {
    }

    /// <summary>An exception with a reason and its cause.</summary>
    public ProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
