namespace FastLog.LoadGen.Suite.Runs;

/// <summary>A program that loads brokers.</summary>
internal interface ILoadDriver
{
    Driver Kind { get; }

    /// <summary>Runs a load once, on a topic that is there.</summary>
    /// <exception cref="SuiteException">It did not go through as it should.</exception>
    Task<RunFigures> RunAsync(LoadOrder order, CancellationToken cancellationToken);

    /// <summary>Moves what is to be moved before the clock starts, once a scenario and broker, on a topic of its own.</summary>
    /// <exception cref="SuiteException">It did not go through as it should.</exception>
    Task WarmUpAsync(LoadOrder order, CancellationToken cancellationToken);
}
