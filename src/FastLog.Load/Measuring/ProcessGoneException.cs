namespace FastLog.Load.Measuring;

/// <summary>The process that is measured is not there.</summary>
public sealed class ProcessGoneException : Exception
{
    /// <summary>Without saying which.</summary>
    public ProcessGoneException()
    {
    }

    /// <summary>With what is to be said about it.</summary>
    public ProcessGoneException(string message)
        : base(message)
    {
    }

    /// <summary>With what is to be said about it, and how it was noticed.</summary>
    public ProcessGoneException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
