namespace FastLog.Coordination.Tests.Simulation;

/// <summary>A property that did not hold.</summary>
internal sealed class SimulationFailure(string what) : Exception(what)
{
    public static void Unless(bool holds, Func<string> what)
    {
        if (!holds)
        {
            throw new SimulationFailure(what());
        }
    }
}
