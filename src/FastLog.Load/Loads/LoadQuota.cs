using FastLog.Load.Measuring;

namespace FastLog.Load.Loads;

/// <summary>How much is to be sent in one phase of a load.</summary>
/// <param name="RecordsCount">Over all clients.</param>
/// <param name="UntilNs">Nothing is sent after this time of <see cref="MonotonicClock"/>.</param>
internal readonly record struct LoadQuota(long RecordsCount, long UntilNs)
{
    /// <summary>A number of records, however long it takes.</summary>
    public static LoadQuota Of(long recordsCount) => new(recordsCount, long.MaxValue);

    /// <summary>A number of records, or as many as there are in a time from now on.</summary>
    public static LoadQuota Of(long recordsCount, TimeSpan? duration) => new(
        recordsCount,
        duration is { } given ? MonotonicClock.NowNs + (long)(given.TotalSeconds * 1e9) : long.MaxValue);

    /// <summary>The share of one client.</summary>
    public long ShareOf(int index, int clientsCount) =>
        (RecordsCount / clientsCount) + (index < RecordsCount % clientsCount ? 1 : 0);
}
