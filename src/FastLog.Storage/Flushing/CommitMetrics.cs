using System.Diagnostics.Metrics;

namespace FastLog.Storage;

/// <summary>
/// How long the group commits of one directory take and how much each of them covers. A round costs two looks at the
/// clock and three recordings, whatever the number of requests that wait for it; nothing while nobody listens.
/// </summary>
internal sealed class CommitMetrics
{
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5],
    };

    private static readonly InstrumentAdvice<long> Logs = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096],
    };

    private static readonly InstrumentAdvice<long> Bytes = new()
    {
        HistogramBucketBoundaries =
            [256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864],
    };

    private readonly TimeProvider _time;
    private readonly Histogram<double> _seconds;
    private readonly Histogram<long> _logs;
    private readonly Histogram<long> _bytes;

    public CommitMetrics(Meter meter, string directory, TimeProvider time)
    {
        _time = time;
        KeyValuePair<string, object?>[] tags = [new("directory", directory)];
        _seconds = meter.CreateHistogram("fastlog.commit", "s", "Time one group commit took.", tags, Seconds);
        _logs = meter.CreateHistogram("fastlog.commit.logs", null, "Logs that one group commit made durable.", tags, Logs);
        _bytes = meter.CreateHistogram("fastlog.commit.size", "By", "Bytes that one group commit made durable.", tags, Bytes);
    }

    /// <summary>The time a round begins; 0 while nobody listens.</summary>
    public long Begin() => _seconds.Enabled ? _time.GetTimestamp() : 0;

    /// <summary>A round is over.</summary>
    /// <param name="started">What <see cref="Begin"/> gave.</param>
    /// <param name="logsCount">How many logs it covered.</param>
    /// <param name="sizeInBytes">How many bytes of theirs.</param>
    public void Record(long started, int logsCount, long sizeInBytes)
    {
        if (started == 0)
            return;
        _seconds.Record(_time.GetElapsedTime(started).TotalSeconds);
        _logs.Record(logsCount);
        _bytes.Record(sizeInBytes);
    }
}
