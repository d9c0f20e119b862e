using System.Buffers;
using BenchmarkDotNet.Attributes;
using FastLog.Benchmarks.Inputs;
using FastLog.Storage;

namespace FastLog.Benchmarks.Storage;

/// <summary>
/// A small batch to each of some logs, until all of them are durable: with one sync through the commit journal, or with
/// one for each file.
/// </summary>
public class GroupCommitBenchmarks
{
    private const int RecordBytes = 100;
    private const int BatchBytes = 1024;

    /// <summary>A log is emptied whenever it has this size, so that no run fills the disk; seldom enough not to show.</summary>
    private const long LogBytesMax = 8 * 1024 * 1024;

    private ScratchLogs? _scratch;
    private DurableGate? _gate;
    private PartitionLog[] _logs = [];
    private ReadOnlySequence<byte> _batch;

    [Params(1, 16, 64)]
    public int Logs { get; set; }

    [ParamsAllValues]
    public bool Journal { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _scratch = new ScratchLogs(Logs, new LogConfig(), Journal);
        _logs = _scratch.Logs;
        _gate = new DurableGate(_logs);
        _batch = new ReadOnlySequence<byte>(Batches.Make(RecordBytes, BatchBytes));
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _scratch?.Dispose();
        _gate?.Dispose();
    }

    [Benchmark]
    public void AppendUntilDurable()
    {
        foreach (PartitionLog log in _logs)
        {
            if (log.SizeInBytes > LogBytesMax)
            {
                log.TruncateFullyAndStartAt(log.LogEndOffset);
            }

            AppendResult result = log.Append(_batch, AppendOrigin.Client, leaderEpoch: 1);
            if (result.Error != AppendError.None)
            {
                throw new InvalidOperationException($"The append was refused: {result.Error} {result.Message}");
            }
        }

        _gate!.Wait();
    }
}
