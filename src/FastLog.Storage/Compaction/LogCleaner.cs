using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <summary>
/// The threads that compact logs: each takes the dirtiest log that is due, cleans it and looks again; when none is due it
/// sleeps. Damage in a log takes that log out, a full disk puts it off, a failed disk takes the directory offline.
/// <para>Lifecycle: <see cref="Start"/> once, <see cref="Reconfigure"/> at any time, then Dispose, which waits for the threads,
/// before the directories close.</para>
/// </summary>
public sealed partial class LogCleaner : IDisposable
{
    private readonly IReadOnlyList<LogDirectory> _directories;
    private readonly Func<PartitionLog, long?> _lastStableOffsetOf;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private Crew? _crew;
    private bool _isDisposed;
    private long _cleaningsCount;
    private long _readBytes;
    private long _freedBytes;

    /// <param name="directories">Whose logs are cleaned.</param>
    /// <param name="lastStableOffsetOf">A log's last stable offset; null for a log that is not to be touched now.</param>
    /// <param name="time">The clock of the I/O bound.</param>
    /// <param name="logger">Hears of every cleaned log, and of failures.</param>
    public LogCleaner(
        IReadOnlyList<LogDirectory> directories,
        Func<PartitionLog, long?> lastStableOffsetOf,
        TimeProvider time,
        ILogger logger)
    {
        _directories = directories;
        _lastStableOffsetOf = lastStableOffsetOf;
        _time = time;
        _logger = logger;
    }

    /// <summary>Logs cleaned so far.</summary>
    public long CleaningsCount => Volatile.Read(ref _cleaningsCount);

    /// <summary>Bytes read by the cleanings so far, those of dirty parts twice.</summary>
    public long ReadBytes => Volatile.Read(ref _readBytes);

    /// <summary>Bytes that the cleanings took away so far.</summary>
    public long FreedBytes => Volatile.Read(ref _freedBytes);

    /// <summary>How logs are cleaned; null before the start.</summary>
    internal CleanerOptions? Options => Volatile.Read(ref _crew)?.Options;

    /// <summary>Starts the threads, unless the cleaner is not enabled.</summary>
    /// <param name="options">How to clean.</param>
    public void Start(CleanerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        lock (_lock)
        {
            if (!_isDisposed)
                Volatile.Write(ref _crew, new Crew(this, options, _crew));
        }
    }

    /// <summary>
    /// Goes on with other options; does nothing before the start. Cleanings under way end where they are and leave their
    /// logs whole; the new threads begin when the old ones have ended. Does not wait for that.
    /// </summary>
    /// <param name="options">How to clean from now on.</param>
    public void Reconfigure(CleanerOptions options)
    {
        lock (_lock)
        {
            if (!_isDisposed && _crew is { } crew && crew.Options != options)
            {
                crew.Stop();
                Start(options);
            }
        }
    }

    /// <summary>Stops: a cleaning under way ends where it is and leaves its log whole.</summary>
    public void Dispose()
    {
        Crew? crew;
        lock (_lock)
        {
            _isDisposed = true;
            crew = _crew;
        }
        crew?.Stop();
        crew?.Wait();
    }

    /// <summary>
    /// Tries the dirtiest log that is due, on the caller's thread; false when none is. One that cannot be cleaned now is
    /// not tried again with the same <paramref name="cleaning"/>, so that it keeps no other one waiting.
    /// </summary>
    internal bool CleanNext(LogCleaning cleaning, CancellationToken stop = default)
    {
        if (Choose(cleaning.PutOff) is not (LogDirectory directory, PartitionLog log, long bound))
            return false;
        if (!TryClean(cleaning, directory, log, bound, stop))
            cleaning.PutOff.Add(log);
        return true;
    }

    private (LogDirectory Directory, PartitionLog Log, long Bound)? Choose(HashSet<PartitionLog> putOff)
    {
        (LogDirectory, PartitionLog, long)? dirtiest = null;
        double ratioMax = -1;
        foreach (LogDirectory directory in _directories)
        {
            foreach (PartitionLog log in directory.IsOffline ? [] : directory.Logs)
            {
                if (!log.Config.IsCompacted || log.IsUncleanable || log.IsBeingCleaned || putOff.Contains(log)
                    || _lastStableOffsetOf(log) is not { } bound)
                    continue;
                if (TryLookAt(directory, log, bound) is { } range && range.IsDue(log.Config) && range.DirtyRatio > ratioMax)
                {
                    ratioMax = range.DirtyRatio;
                    dirtiest = (directory, log, bound);
                }
            }
        }
        return dirtiest;
    }

    [SuppressMessage("Design", "CA1031", Justification = "What is wrong with one log must not end the thread that many share.")]
    private CleanableRange? TryLookAt(LogDirectory directory, PartitionLog log, long bound)
    {
        try
        {
            return log.CleanableRange(bound);
        }
        catch (Exception failure)
        {
            Handle(directory, log, failure);
            return null;
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "What is wrong with one log must not end the thread that many share.")]
    private bool TryClean(LogCleaning cleaning, LogDirectory directory, PartitionLog log, long bound, CancellationToken stop)
    {
        try
        {
            CleanerRun run = cleaning.Run(log, bound, stop);
            if (run.Outcome == CleanerOutcome.Cleaned)
                Report(log, run);
            return run.Outcome == CleanerOutcome.Cleaned;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception failure)
        {
            Handle(directory, log, failure);
            return false;
        }
    }

    private void Handle(LogDirectory directory, PartitionLog log, Exception failure)
    {
        if (log.IsClosed || directory.IsOffline)
            return;
        if (failure is DiskException { IsOutOfSpace: true })
        {
            _logger.LogWarning(failure, "No space to compact {Partition}: it is as it was, and will be tried again", log.Partition);
            return;
        }
        if (failure is DiskException)
        {
            log.Home.Fail(failure);
            return;
        }
        log.IsUncleanable = true;
        _logger.LogError(failure, "{Partition} cannot be compacted and is left alone until the broker restarts", log.Partition);
    }

    private void Report(PartitionLog log, in CleanerRun run)
    {
        Interlocked.Increment(ref _cleaningsCount);
        Interlocked.Add(ref _readBytes, run.BytesRead);
        Interlocked.Add(ref _freedBytes, Math.Max(0, run.SizeBeforeBytes - run.SizeAfterBytes));
        _logger.LogInformation(
            "Compacted {Partition}: offsets {From} to {To}, {Keys} keys, {Read} bytes read, {Before} bytes in {Segments} segments became {After} in {Written} ({Percent}%), {Ms} ms",
            log.Partition, run.FirstDirtyOffset, run.EndOffset, run.KeysCount, run.BytesRead, run.SizeBeforeBytes, run.SegmentsReadCount,
            run.SizeAfterBytes, run.SegmentsWrittenCount, run.SizeBeforeBytes == 0 ? 100 : run.SizeAfterBytes * 100 / run.SizeBeforeBytes, run.DurationMs);
    }
}
