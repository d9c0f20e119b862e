namespace FastLog.Storage.Tests;

/// <summary>The machine stopped in the middle of something. Not an IOException: nobody may handle it.</summary>
public sealed class SimulatedCrashException : Exception
{
    public SimulatedCrashException() : base("the simulated machine stopped")
    {
    }
}
