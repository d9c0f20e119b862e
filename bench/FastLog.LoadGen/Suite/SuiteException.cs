namespace FastLog.LoadGen.Suite;

/// <summary>The suite, or one scenario of it, cannot go on; the message is for the person who started it.</summary>
internal sealed class SuiteException : Exception
{
    public SuiteException()
    {
    }

    public SuiteException(string message)
        : base(message)
    {
    }

    public SuiteException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
