using FastLog.LoadGen.Suite.Targets;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>Which program makes a load.</summary>
internal enum Driver
{
    /// <summary>FastLog's own generator.</summary>
    Own,

    /// <summary>librdkafka's <c>rdkafka_performance</c>.</summary>
    Rdkafka,
}

/// <summary>One run of a load.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Driver">Who loads.</param>
/// <param name="Target">Whom.</param>
internal sealed record PlannedRun(int Number, Driver Driver, Target Target);

/// <summary>The order of runs: broker and peers in turns, so that what disturbs the machine for a while disturbs all.</summary>
internal static class Interleaving
{
    public static IEnumerable<PlannedRun> Plan(int runsCount, IReadOnlyList<Driver> drivers, IReadOnlyList<Target> targets) =>
        from number in Enumerable.Range(1, runsCount)
        from driver in drivers
        from target in targets
        select new PlannedRun(number, driver, target);
}
