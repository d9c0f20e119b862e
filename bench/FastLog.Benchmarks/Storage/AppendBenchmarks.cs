using System.Buffers;
using BenchmarkDotNet.Attributes;
using FastLog.Benchmarks.Inputs;
using FastLog.Storage;

namespace FastLog.Benchmarks.Storage;

/// <summary>
/// Checking a client's batch, giving it offsets and writing it to the log's file. With group commit, the flusher syncs
/// meanwhile; nobody waits for it, so the difference is what it takes from the one who appends.
/// </summary>
public class AppendBenchmarks
{
    private const int RecordBytes = 100;

    /// <summary>
    /// The log is emptied whenever it has this size, so that no run fills the disk. With batches of 1 MiB that shows as
    /// some hundred allocated bytes an operation; with smaller ones it does not show.
    /// </summary>
    private const long LogBytesMax = 256L * 1024 * 1024;

    private ScratchLogs? _logs;
    private PartitionLog _log = null!;
    private ReadOnlySequence<byte> _batch;

    [Params(200, 16 * 1024, 1024 * 1024)]
    public int BatchBytes { get; set; }

    [ParamsAllValues]
    public bool GroupCommit { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _logs = new ScratchLogs(1, new LogConfig { FlushMessages = GroupCommit ? 1 : long.MaxValue });
        _log = _logs.Logs[0];
        _batch = new ReadOnlySequence<byte>(Batches.Make(RecordBytes, BatchBytes));
    }

    [GlobalCleanup]
    public void Cleanup() => _logs?.Dispose();

    [Benchmark]
    public long Append()
    {
        if (_log.SizeInBytes > LogBytesMax)
        {
            _log.TruncateFullyAndStartAt(_log.LogEndOffset);
        }

        AppendResult result = _log.Append(_batch, AppendOrigin.Client, leaderEpoch: 1);
        return result.Error == AppendError.None
            ? result.BaseOffset
            : throw new InvalidOperationException($"The append was refused: {result.Error} {result.Message}");
    }
}
