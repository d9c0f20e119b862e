namespace FastLog.Raft;

/// <summary>The quorum's files cannot be used, or its log has failed. The message names what and why.</summary>
public sealed class RaftException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="message">One line for the operator.</param>
    /// <param name="inner">What it came from.</param>
    public RaftException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
