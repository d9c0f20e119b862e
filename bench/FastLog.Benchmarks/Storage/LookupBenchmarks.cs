using System.Buffers;
using BenchmarkDotNet.Attributes;
using FastLog.Benchmarks.Inputs;
using FastLog.Storage;

namespace FastLog.Benchmarks.Storage;

/// <summary>
/// Finding a place in a log of 16 MiB and four segments, by offset and by time, through the sparse indexes: anywhere, as a
/// consumer does that starts, and at the end, as one does that keeps up.
/// </summary>
public class LookupBenchmarks
{
    private const int RecordBytes = 100;
    private const int BatchBytes = 1024;
    private const int LogBytes = 16 * 1024 * 1024;
    private const int StepMs = 10;
    private const int FetchBytes = 64 * 1024;

    private ScratchLogs? _logs;
    private PartitionLog _log = null!;
    private long _batchesCount;
    private uint _random = 1;

    [GlobalSetup]
    public void Setup()
    {
        _logs = new ScratchLogs(1, new LogConfig { SegmentBytes = LogBytes / 4, FlushMessages = long.MaxValue });
        _log = _logs.Logs[0];
        while (_log.SizeInBytes < LogBytes)
        {
            byte[] batch = Batches.Make(RecordBytes, BatchBytes, Batches.TimestampMs + (_batchesCount++ * StepMs));
            _log.Append(new ReadOnlySequence<byte>(batch), AppendOrigin.Client, leaderEpoch: 1);
        }
    }

    [GlobalCleanup]
    public void Cleanup() => _logs?.Dispose();

    [Benchmark]
    public long ByOffset() => Read(NextRandom(_log.LogEndOffset));

    [Benchmark]
    public long AtTheEnd() => Read(_log.LogEndOffset - 1);

    [Benchmark]
    public long ByTime()
    {
        TimestampedOffset found = _log.OffsetForTimestamp(Batches.TimestampMs + (NextRandom(_batchesCount) * StepMs));
        return found != TimestampedOffset.None
            ? found.Offset
            : throw new InvalidOperationException("A timestamp that is in the log was not found.");
    }

    private long Read(long offset)
    {
        ReadResult found = _log.Read(offset, FetchBytes, long.MaxValue, atLeastOneBatch: true);
        if (found.SizeInBytes == 0)
        {
            throw new InvalidOperationException($"Offset {offset} was not found: {found.Status}.");
        }

        found.Lease!.Dispose();
        return found.Position;
    }

    // Cheap, and the same offsets in every run.
    private long NextRandom(long below)
    {
        _random ^= _random << 13;
        _random ^= _random >> 17;
        _random ^= _random << 5;
        return _random % below;
    }
}
