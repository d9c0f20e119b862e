using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <summary>
/// Deletes renamed files and directories some time after they left their log, so that readers that are about to open
/// them still can. What is pending at a stop is found by its name at the next start.
/// </summary>
internal sealed class DelayedRemoval : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly PriorityQueue<string, long> _pending = new();
    private readonly IFileSystem _files;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private bool _isTicking;

    public DelayedRemoval(IFileSystem files, TimeProvider time, ILogger logger)
    {
        _files = files;
        _time = time;
        _logger = logger;
        _timer = time.CreateTimer(_ => RemoveDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Add(string path, long delayMs)
    {
        lock (_lock)
        {
            _pending.Enqueue(path, NowMs + delayMs);
            if (!_isTicking)
                _timer.Change(Period, Period);
            _isTicking = true;
        }
    }

    /// <summary>Deletes what is due now.</summary>
    public void RemoveDue()
    {
        while (TryTakeDue(out string path))
        {
            try
            {
                if (_files.DirectoryExists(path))
                    _files.DeleteDirectory(path);
                else
                    _files.DeleteFile(path);
            }
            catch (DiskException failure)
            {
                _logger.LogWarning(failure, "Could not delete {Path}; the next start will try again", path);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool TryTakeDue(out string path)
    {
        lock (_lock)
        {
            if (_pending.TryPeek(out path!, out long dueMs) && dueMs <= NowMs)
            {
                _pending.Dequeue();
                return true;
            }
            if (_pending.Count == 0 && _isTicking)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _isTicking = false;
            }
            return false;
        }
    }
}
