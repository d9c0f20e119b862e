using Microsoft.Extensions.Logging;

namespace FastLog.Storage.Tests;

public sealed class ParallelOpeningTests
{
    private const int LogsCount = 8;

    [Fact]
    public void Logs_of_one_directory_are_recovered_side_by_side()
    {
        SimulatedFileSystem disk = new(1);
        Write(disk);
        disk.Kill();
        // Whoever has recovered a log waits in its logger until another one has, which is under way at the same time.
        using MeetingLogger meeting = new();
        LogDirectory directory = Open(disk, meeting);
        OpenAll(directory);
        Assert.True(meeting.HaveMet);
        Assert.All(directory.Logs, log => Assert.Equal(2, log.LogEndOffset));
    }

    [Fact]
    public void Threads_that_ask_for_the_same_log_get_the_same()
    {
        SimulatedFileSystem disk = new(1);
        Write(disk);
        disk.Kill();
        LogDirectory directory = Open(disk, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        PartitionLog[] logs = new PartitionLog[16];
        Parallel.For(0, logs.Length, i => logs[i] = directory.CreateOrOpen(new TopicPartition("t", 0), LogStand.TopicId, new LogConfig()));
        Assert.Single(logs.Distinct());
    }

    [Fact]
    public void An_epoch_without_records_is_not_written()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(1), leaderEpoch: 1);
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        int renames = stand.Simulation!.Steps["rename"];
        stand.Log.AssignEpoch(2, 1);
        stand.Log.AssignEpoch(3, 1);
        stand.Directory.CheckpointRecoveryPoints();
        // The checkpoint itself, nothing else.
        Assert.Equal(renames + 1, stand.Simulation.Steps["rename"]);
        stand.MustAppend(TestBatches.Make(1), leaderEpoch: 3);
        stand.Flush();
        stand.Directory.CheckpointRecoveryPoints();
        Assert.Equal(renames + 3, stand.Simulation.Steps["rename"]);
        stand.CutPower(survival: 0);
        Assert.Equal([new EpochEntry(1, 0), new EpochEntry(3, 1)], stand.Log.EpochEntries());
    }

    private static void Write(SimulatedFileSystem disk)
    {
        LogDirectory directory = Open(disk, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        OpenAll(directory);
        foreach (PartitionLog log in directory.Logs)
            log.Append(TestBatches.Sequence(TestBatches.Make(2)), AppendOrigin.Client, 0);
        directory.RunFlusher();
    }

    private static LogDirectory Open(SimulatedFileSystem disk, ILogger logger) =>
        LogDirectory.OpenWith("/data", LogStand.Options, disk, new ManualClock(), logger, startsFlusher: false);

    private static void OpenAll(LogDirectory directory)
    {
        List<Thread> threads = [.. Enumerable.Range(0, LogsCount).Select(i => new Thread(
            () => directory.CreateOrOpen(new TopicPartition("t", i), LogStand.TopicId, new LogConfig())))];
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
    }

    private sealed class MeetingLogger : ILogger, IDisposable
    {
        private readonly CountdownEvent _two = new(2);

        public bool HaveMet => _two.IsSet;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!formatter(state, exception).StartsWith("Recovered", StringComparison.Ordinal) || _two.IsSet)
                return;
            lock (_two)
            {
                if (!_two.IsSet)
                    _two.Signal();
            }
            // Long enough for any machine; only a directory that opens one log at a time gets to its end.
            _two.Wait(TimeSpan.FromSeconds(20));
        }

        public void Dispose() => _two.Dispose();
    }
}
