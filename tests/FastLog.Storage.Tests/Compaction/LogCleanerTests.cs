using Microsoft.Extensions.Logging;

namespace FastLog.Storage.Tests;

/// <summary>The cleaner's choice of logs, and what it does about those that cannot be cleaned.</summary>
public sealed class LogCleanerTests
{
    private readonly List<(LogLevel Level, string Text)> _lines = [];
    private readonly LogStand _stand = new(config: new LogConfig { IsCompacted = true });

    private LogCleaner Cleaner() =>
        new([_stand.Directory], log => log.LogEndOffset, _stand.Clock, new Lines(_lines));

    private static bool CleanNext(LogCleaner cleaner)
    {
        using LogCleaning cleaning = new(new CleanerOptions(), throttle: null);
        return cleaner.CleanNext(cleaning);
    }

    private PartitionLog Fill(PartitionLog log, int records, bool seals = true)
    {
        for (int i = 0; i < records; i++)
            log.Append(TestBatches.Sequence(CompactionRecords.Batch("a", $"{i}")), AppendOrigin.Client, 0);
        if (seals)
            log.Roll();
        _stand.Flush();
        return log;
    }

    private PartitionLog Open(string topic, LogConfig config) =>
        _stand.Directory.CreateOrOpen(new TopicPartition(topic, 0), Guid.NewGuid(), config);

    [Fact]
    public void The_dirtiest_log_that_is_due_comes_first_and_each_gets_one_line()
    {
        Fill(_stand.Log, 3);
        PartitionLog dirtier = Fill(Open("dirtier", _stand.Config with { MinCleanableDirtyRatio = 0.2 }), 3);
        PartitionLog plain = Fill(Open("plain", new LogConfig()), 3);
        PartitionLog unsealed = Fill(Open("unsealed", _stand.Config), 3, seals: false);
        using LogCleaner cleaner = Cleaner();
        Assert.True(CleanNext(cleaner));
        Assert.True(CleanNext(cleaner));
        Assert.False(CleanNext(cleaner));
        Assert.Equal(2, cleaner.CleaningsCount);
        Assert.Equal(2, _lines.Count(line => line.Level == LogLevel.Information && line.Text.StartsWith("Compacted ", StringComparison.Ordinal)));
        Assert.True(plain.SizeInBytes > dirtier.SizeInBytes && unsealed.SizeInBytes > dirtier.SizeInBytes);

        // One record remains clean; as much again is a ratio of a half, which is not above the bound of one of them.
        Fill(_stand.Log, 1);
        Fill(dirtier, 1);
        Assert.True(CleanNext(cleaner));
        Assert.False(CleanNext(cleaner));
        Assert.Contains("dirtier-0", _lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_takes_one_log_out_with_one_line()
    {
        Fill(_stand.Log, 3);
        PartitionLog sound = Fill(Open("sound", _stand.Config), 3);
        _stand.Simulation!.FlipBit(_stand.LogPath(0, SegmentNames.Log), 90, 2);
        using LogCleaner cleaner = Cleaner();
        while (CleanNext(cleaner))
        {
        }
        Assert.Equal(1, cleaner.CleaningsCount);
        Assert.Equal((true, false), (_stand.Log.IsUncleanable, sound.IsUncleanable));
        Assert.Contains("orders-0", Assert.Single(_lines, line => line.Level == LogLevel.Error).Text, StringComparison.Ordinal);
        Assert.False(_stand.Directory.IsOffline);
    }

    [Fact]
    public void A_failed_disk_takes_the_directory_offline_and_a_full_one_puts_the_log_off()
    {
        Fill(_stand.Log, 3);
        using LogCleaner cleaner = Cleaner();
        int error = DiskException.OutOfSpace;
        _stand.Simulation!.Fault = (call, path) => call == "pwrite" && path.Contains(".cleaned", StringComparison.Ordinal) ? error : 0;
        Assert.True(CleanNext(cleaner));
        Assert.Equal((LogLevel.Warning, false, false), (_lines[^1].Level, _stand.Log.IsUncleanable, _stand.Directory.IsOffline));
        error = DiskException.InputOutputError;
        CleanNext(cleaner);
        Assert.True(_stand.Directory.IsOffline);
        Assert.False(CleanNext(cleaner));
    }

    [Fact]
    public void A_log_without_room_keeps_no_other_waiting()
    {
        Fill(_stand.Log, 30);
        PartitionLog other = Fill(Open("other", _stand.Config), 3);
        Fill(other, 1, seals: false);
        using LogCleaner cleaner = Cleaner();
        using LogCleaning cleaning = new(new CleanerOptions(), throttle: null);
        _stand.Simulation!.Fault = (_, path) => path.Contains("orders", StringComparison.Ordinal) && path.EndsWith(".cleaned", StringComparison.Ordinal) ? DiskException.OutOfSpace : 0;
        for (int tries = 0; cleaner.CleanNext(cleaning); tries++)
            Assert.InRange(tries, 0, 1);
        Assert.Equal(1, cleaner.CleaningsCount);
        Assert.False(_stand.Log.IsUncleanable || _stand.Directory.IsOffline);
    }

    [Fact]
    public void Threads_clean_by_themselves_and_stop_when_told()
    {
        Fill(_stand.Log, 3);
        PartitionLog other = Fill(Open("other", _stand.Config), 3);
        using LogCleaner cleaner = Cleaner();
        cleaner.Start(new CleanerOptions { ThreadsCount = 2, BackoffMs = 1 });
        Assert.True(SpinWait.SpinUntil(() => cleaner.CleaningsCount == 2, TimeSpan.FromSeconds(60)));
        cleaner.Dispose();
        Assert.Equal(_stand.Log.SizeInBytes, other.SizeInBytes);
    }

    [Fact]
    public void New_options_act_at_once()
    {
        Fill(_stand.Log, 3);
        using LogCleaner cleaner = Cleaner();
        cleaner.Reconfigure(new CleanerOptions());
        Assert.Null(cleaner.Options);
        cleaner.Start(new CleanerOptions { ThreadsCount = 0 });
        cleaner.Reconfigure(new CleanerOptions { ThreadsCount = 1, BackoffMs = int.MaxValue });
        Assert.True(SpinWait.SpinUntil(() => cleaner.CleaningsCount == 1, TimeSpan.FromSeconds(60)));

        // Asleep for weeks, unless it is told.
        Fill(Open("other", _stand.Config), 3);
        cleaner.Reconfigure(new CleanerOptions { ThreadsCount = 2, BackoffMs = int.MaxValue });
        Assert.True(SpinWait.SpinUntil(() => cleaner.CleaningsCount == 2, TimeSpan.FromSeconds(60)));
        cleaner.Dispose();
        cleaner.Reconfigure(new CleanerOptions { ThreadsCount = 3 });
        Assert.Equal(2, cleaner.Options!.ThreadsCount);
    }

    private sealed class Lines(List<(LogLevel, string)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines)
                lines.Add((logLevel, formatter(state, exception)));
        }
    }
}
