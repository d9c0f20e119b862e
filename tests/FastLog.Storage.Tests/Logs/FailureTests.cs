using Microsoft.Extensions.Logging;

namespace FastLog.Storage.Tests;

public sealed class FailureTests
{
    [Theory]
    [InlineData("pwrite", false)]
    [InlineData("pwrite", true)]
    [InlineData("fdatasync", false)]
    [InlineData("fdatasync", true)]
    public void A_failed_write_or_sync_takes_the_directory_offline_for_good(string call, bool hasJournal)
    {
        LogStand stand = new(options: LogStand.OptionsOf(hasJournal));
        Listener listener = new();
        Exception? offline = null;
        stand.Log.Listener = listener;
        stand.Directory.OnOffline += failure => offline = failure;
        stand.MustAppend(TestBatches.Make(2));
        stand.Flush();

        stand.Simulation!.Fault = (step, _) => step == call ? DiskException.InputOutputError : 0;
        stand.Append(2);
        stand.Flush();
        int failedSteps = stand.Simulation.Steps[call];
        stand.Simulation.Fault = null;

        Assert.True(stand.Directory.IsOffline);
        Assert.IsType<DiskException>(offline);
        Assert.Equal(1, listener.FailuresCount);
        Assert.Equal(2, stand.Log.DurableEndOffset);
        Assert.Equal(AppendError.StorageError, stand.Append(1).Error);
        Assert.Equal(ReadStatus.StorageError, stand.Log.Read(0, 100, long.MaxValue, true).Status);
        Assert.Throws<LogUnavailableException>(() => stand.Log.TruncateTo(0));
        stand.Flush();
        Assert.Equal(failedSteps, stand.Simulation.Steps[call]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_directory_that_failed_is_not_marked_clean_and_keeps_what_was_durable(bool hasJournal)
    {
        LogStand stand = new(options: LogStand.OptionsOf(hasJournal));
        stand.MustAppend(TestBatches.Make(2));
        stand.Flush();
        stand.MustAppend(TestBatches.Make(2));
        stand.Simulation!.Fault = (step, _) => step == "fdatasync" ? DiskException.InputOutputError : 0;
        stand.Flush();
        stand.Simulation.Fault = null;
        await stand.Directory.DisposeAsync();
        stand.CutPower(survival: 0);
        Assert.False(stand.Directory.WasCleanShutdown);
        Assert.Equal(2, stand.Log.LogEndOffset);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_sync_that_fails_for_lack_of_space_is_as_final_as_any(bool hasJournal)
    {
        LogStand stand = new(options: LogStand.OptionsOf(hasJournal));
        stand.MustAppend(TestBatches.Make(2));
        stand.Simulation!.Fault = (step, _) => step == "fdatasync" ? DiskException.OutOfSpace : 0;
        stand.Flush();
        Assert.True(stand.Directory.IsOffline);
    }

    [Fact]
    public void On_a_full_disk_writers_are_refused_readers_go_on_and_writing_resumes()
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 1000 });
        int appended = 0;
        stand.Simulation!.CapacityBytes = 5000;
        while (stand.Append(1, new string('x', 50)).Error == AppendError.None)
            appended++;
        for (int i = 0; i < 5; i++)
            Assert.Equal(AppendError.NoSpace, stand.Append(1, new string('x', 200)).Error);
        Assert.False(stand.Directory.IsOffline);
        Assert.Equal(appended, stand.ReadAll().Count);
        stand.Flush();

        stand.Simulation.CapacityBytes = long.MaxValue;
        Assert.Equal(appended, stand.MustAppend(TestBatches.Make(1, new string('x', 200))).BaseOffset);
        stand.Flush();
        Assert.Equal(appended + 1, stand.Log.DurableEndOffset);
        stand.CutPower(survival: 0);
        Assert.Equal(appended + 1, stand.ReadAll().Count);
    }

    [Fact]
    public void A_full_disk_is_told_once_a_minute_and_not_once_a_write()
    {
        Lines lines = new();
        LogStand stand = new(logger: lines);
        stand.MustAppend(TestBatches.Make(1));
        stand.Simulation!.CapacityBytes = stand.Simulation.UsedBytes();
        for (int i = 0; i < 1000; i++)
            Assert.Equal(AppendError.NoSpace, stand.Append(1).Error);
        stand.Directory.CheckpointRecoveryPoints();
        Assert.Equal(["No space left for log directory /data (pwrite"], lines.Errors.Select(line => line[..45]));

        stand.Clock.NowMs += 60_000;
        stand.Append(1);
        Assert.Equal(2, lines.Errors.Count);
        Assert.Contains(": 1001 write(s) refused", lines.Errors[1], StringComparison.Ordinal);
        Assert.False(stand.Directory.IsOffline);
    }

    [Theory]
    [InlineData(DiskException.OutOfSpace)]
    [InlineData(122)]
    public void Nothing_that_a_full_disk_or_quota_cuts_short_changes_the_log(int errno)
    {
        LogStand stand = new(config: new LogConfig { SegmentBytes = 500, IndexIntervalBytes = 0 });
        Random random = new(errno);
        int appended = 0;
        for (int i = 0; i < 400; i++)
        {
            // Every kind of step fails now and then: writes of records, indexes, snapshots and checkpoints, new files.
            stand.Simulation!.Fault = (call, _) => call is "pwrite" or "creat" or "mkdir" && random.Next(4) == 0 ? errno : 0;
            AppendResult result = stand.Append(TestBatches.Make(1, new string('x', 40)));
            Assert.True(result.Error is AppendError.None or AppendError.NoSpace, result.Message);
            appended += result.Error == AppendError.None ? 1 : 0;
            if (random.Next(10) == 0)
                stand.Directory.CheckpointRecoveryPoints();
            stand.Simulation.Fault = null;
            Assert.Equal(appended, stand.Log.LogEndOffset);
        }
        stand.Flush();
        Assert.False(stand.Directory.IsOffline);
        Assert.True(appended is > 100 and < 400 && stand.Log.SegmentCount > 10);
        Assert.Equal(appended, stand.ReadAll().Count);
        stand.CutPower(survival: 0);
        Assert.Equal(appended, stand.ReadAll().Count);
    }

    [Fact]
    public void A_full_disk_whose_undo_fails_is_a_failed_disk()
    {
        LogStand stand = new();
        stand.MustAppend(TestBatches.Make(1));
        stand.Simulation!.CapacityBytes = stand.Simulation.UsedBytes() + 20;
        stand.Simulation.Fault = (step, _) => step == "ftruncate" ? DiskException.InputOutputError : 0;
        Assert.Equal(AppendError.StorageError, stand.Append(1).Error);
        Assert.True(stand.Directory.IsOffline);
    }

    private sealed class Lines : ILogger
    {
        public List<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error)
                Errors.Add(formatter(state, exception));
        }
    }

    private sealed class Listener : ILogListener
    {
        public int FailuresCount { get; private set; }

        public void OnAppended(PartitionLog log, long logEndOffset)
        {
        }

        public void OnDurableEndAdvanced(PartitionLog log, long durableEndOffset)
        {
        }

        public void OnFailed(PartitionLog log, Exception failure) => FailuresCount++;
    }
}
