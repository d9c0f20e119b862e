namespace FastLog.Storage;

/// <content>Retention over all logs.</content>
public sealed partial class LogDirectory
{
    /// <summary>
    /// Deletes the segments that retention lets go: see <see cref="PartitionLog.DeleteOldSegments"/>. The starts of all logs
    /// it concerns are written at once, before the first file goes. For the broker's scheduler
    /// (log.retention.check.interval.ms).
    /// </summary>
    /// <param name="highWatermarks">The logs to look at with their high watermarks; only this directory's are.</param>
    /// <returns>How many segments went.</returns>
    public int DeleteOldSegments(IEnumerable<KeyValuePair<TopicPartition, long>> highWatermarks)
    {
        ArgumentNullException.ThrowIfNull(highWatermarks);
        int removed = 0;
        Guarded(() => removed = DeleteOld(highWatermarks));
        Interlocked.Add(ref _deletedSegmentsCount, removed);
        return removed;
    }

    private int DeleteOld(IEnumerable<KeyValuePair<TopicPartition, long>> highWatermarks)
    {
        List<(PartitionLog Log, RetentionPlan Plan)> found = [];
        foreach ((TopicPartition partition, long highWatermark) in highWatermarks)
        {
            if (_logs.TryGetValue(partition, out PartitionLog? log) && Try(() => log.FindOldSegments(highWatermark)) is { } plan)
                found.Add((log, plan));
        }
        if (found.Count == 0)
            return 0;
        // A log deleted meanwhile must not leave its start to one of the same name that is made later; nor one that was cut,
        // which may have started anew below it.
        lock (_changeLock)
        {
            found.RemoveAll(entry => Find(entry.Log.Partition) != entry.Log);
            _logStarts.SetAll(found.Where(entry => entry.Log.CutsCount == entry.Plan.CutsCount).Select(entry => KeyValuePair.Create(
                entry.Log.Partition, Math.Max(entry.Plan.LogStartOffset, entry.Log.LogStartOffset))));
        }
        return found.Sum(entry => Try(() => (int?)entry.Log.RemoveOldSegments(entry.Plan)) ?? 0);
    }

    // A log that goes away while retention looks at it is no failure.
    private static T? Try<T>(Func<T?> action) where T : struct
    {
        try
        {
            return action();
        }
        catch (LogUnavailableException)
        {
            return null;
        }
    }
}
