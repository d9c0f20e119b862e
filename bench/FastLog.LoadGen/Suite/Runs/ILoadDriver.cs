namespace FastLog.LoadGen.Suite.Runs;

/// <summary>A program that loads brokers.</summary>
internal interface ILoadDriver
{
    Driver Kind { get; }

    /// <summary>Whether every run moves the records of its warm-up itself before its clock starts; else a run before the
    /// first, which does not count, moves as many.</summary>
    bool WarmsUp { get; }

    /// <summary>Runs a load once, on a topic that is there.</summary>
    /// <exception cref="SuiteException">It did not go through as it should.</exception>
    Task<RunFigures> RunAsync(LoadOrder order, CancellationToken cancellationToken);
}
