namespace FastLog.Load.Loads;

/// <summary>The load did not go through as it should; no figure may be claimed from it.</summary>
public sealed class LoadFailedException : Exception
{
    public LoadFailedException()
    {
    }

    public LoadFailedException(string message)
        : base(message)
    {
    }

    public LoadFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
