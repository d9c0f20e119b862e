namespace FastLog.Load.Loads;

/// <summary>The load did not go through as it should; no figure may be claimed from it.</summary>
public sealed class LoadFailedException : Exception
{
    /// <summary>Without saying why.</summary>
    public LoadFailedException()
    {
    }

    /// <summary>With the one line that says why.</summary>
    public LoadFailedException(string message)
        : base(message)
    {
    }

    /// <summary>With the one line that says why, and what was behind it.</summary>
    public LoadFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
