namespace FastLog.Storage;

/// <summary>
/// A bucket of bytes that fills at a steady rate: log.cleaner.io.max.bytes.per.second over all threads. Pure: whoever
/// takes bytes is told how long to wait.
/// </summary>
internal sealed class CleanerThrottle(double bytesPerSecondMax, TimeProvider time)
{
    // So much may be taken at once after a rest.
    private const double BurstSeconds = 0.3;

    private readonly Lock _lock = new();
    private double _available = bytesPerSecondMax * BurstSeconds;
    private long _since = time.GetTimestamp();

    /// <summary>Takes bytes, on credit if need be.</summary>
    /// <returns>How long to wait before going on; zero when there were enough.</returns>
    public TimeSpan Take(long bytes)
    {
        // Kafka's default is the largest double, which stands for no bound.
        if (bytesPerSecondMax >= long.MaxValue)
            return TimeSpan.Zero;
        lock (_lock)
        {
            long now = time.GetTimestamp();
            double filled = time.GetElapsedTime(_since, now).TotalSeconds * bytesPerSecondMax;
            _since = now;
            _available = Math.Min(_available + filled, bytesPerSecondMax * BurstSeconds) - bytes;
            return _available >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(-_available / bytesPerSecondMax, 3600));
        }
    }
}
