using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Runs;

/// <summary>How much of everything a run of the suite does.</summary>
/// <param name="RunsCount">Runs of each load; medians are told.</param>
/// <param name="RecordsScale">What the counts of a full run are multiplied by.</param>
/// <param name="StartsCount">How often a broker is started for the time that takes.</param>
/// <param name="ProbeTime">How long each probe of the machine's limits takes.</param>
internal sealed record SuiteExtent(int RunsCount, double RecordsScale, int StartsCount, TimeSpan ProbeTime)
{
    public static SuiteExtent Full { get; } = new(3, 1, 7, TimeSpan.FromSeconds(1));

    public static SuiteExtent Quick { get; } = new(1, 0.15, 3, TimeSpan.FromMilliseconds(250));

    public long RecordsOf(LoadShape load) => Scaled(load.RecordsCount);

    public long WarmupOf(LoadShape load) => Scaled(load.WarmupRecordsCount);

    private long Scaled(long count) => count == 0 ? 0 : Math.Max(1, (long)(count * RecordsScale));
}
