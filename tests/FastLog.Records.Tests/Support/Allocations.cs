namespace FastLog.Records.Tests;

/// <summary>Counts what a piece of code allocates once it is warm.</summary>
internal static class Allocations
{
    public static long OfSteadyState(Action action)
    {
        // Enough rounds for pools to fill; more than one measurement, as the runtime may allocate in between.
        for (int i = 0; i < 100; i++)
        {
            action();
        }

        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                action();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
