using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Storage.Tests;

public sealed class StorageMetricsTests : IDisposable
{
    private readonly Meter _meter = new("FastLog.Storage");
    private readonly Dictionary<string, double> _values = [];
    private readonly List<(string Name, double Value)> _recorded = [];
    private readonly MeterListener _listener = new();

    [Fact]
    public async Task Group_commits_are_counted_by_their_way_and_timed()
    {
        SimulatedFileSystem disk = new(1);
        ManualClock clock = new();
        await using LogDirectory directory = LogDirectory.OpenWith(
            "/data", LogStand.Options, disk, clock, NullLogger.Instance, startsFlusher: false);
        using LogCleaner cleaner = new([directory], _ => null, clock, NullLogger.Instance);
        StorageMetrics.Attach(_meter, [directory], cleaner);
        Listen();
        PartitionLog[] logs = [.. Enumerable.Range(0, 3).Select(i =>
            directory.CreateOrOpen(new TopicPartition("t", i), LogStand.TopicId, new LogConfig()))];
        byte[] batch = TestBatches.Make(5);
        byte[] large = TestBatches.Make(5, new string('x', CommitRound.SingleLogBytesMax / 4));

        // A log alone with much is synced in its file; one with little goes through the journal, and so do three of those.
        logs[0].Append(TestBatches.Sequence(large), AppendOrigin.Client, 0);
        directory.RunFlusher();
        logs[0].Append(TestBatches.Sequence(batch), AppendOrigin.Client, 0);
        directory.RunFlusher();
        foreach (PartitionLog log in logs)
            log.Append(TestBatches.Sequence(batch), AppendOrigin.Client, 0);
        directory.RunFlusher();
        _listener.RecordObservableInstruments();

        Assert.Equal(2, _values["fastlog.commit.rounds{journal}"]);
        Assert.Equal(1, _values["fastlog.commit.rounds{files}"]);
        Assert.Equal(4, _values["fastlog.commit.flushes{journal}"]);
        Assert.Equal(1, _values["fastlog.commit.flushes{files}"]);
        Assert.Equal([1.0, 1.0, 3.0], Recorded("fastlog.commit.logs"));
        Assert.Equal([1.0 * large.Length, 1.0 * batch.Length, 3.0 * batch.Length], Recorded("fastlog.commit.size"));
        Assert.Equal(3, Recorded("fastlog.commit").Length);
        Assert.Equal(large.Length + (4.0 * batch.Length), _values["fastlog.log.directory.size{}"]);
        Assert.Equal(3, _values["fastlog.log.directory.segments{}"]);
        Assert.Equal(3, _values["fastlog.log.directory.logs{}"]);
        Assert.Equal(1, _values["fastlog.log.directory.online{}"]);
        Assert.Equal((large.Length + (2L * batch.Length), 15, 3), (logs[0].AppendedBytes, logs[0].AppendedRecords, logs[0].AppendedBatches));
        Assert.Equal((1L * batch.Length, 5, 1), (logs[1].AppendedBytes, logs[1].AppendedRecords, logs[1].AppendedBatches));
    }

    [Fact]
    public async Task A_failed_directory_is_told_as_offline()
    {
        SimulatedFileSystem disk = new(1);
        ManualClock clock = new();
        await using LogDirectory directory = LogDirectory.OpenWith(
            "/data", LogStand.Options, disk, clock, NullLogger.Instance, startsFlusher: false);
        using LogCleaner cleaner = new([directory], _ => null, clock, NullLogger.Instance);
        StorageMetrics.Attach(_meter, [directory], cleaner);
        Listen();
        ((ILogHome)directory).Fail(new DiskException("fdatasync", "x", DiskException.InputOutputError));

        _listener.RecordObservableInstruments();

        Assert.Equal(0, _values["fastlog.log.directory.online{}"]);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meter.Dispose();
    }

    private void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == _meter)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string way = "";
        foreach (KeyValuePair<string, object?> tag in tags)
            way = tag.Key == "way" ? (string)tag.Value! : way;
        _values[$"{instrument.Name}{{{way}}}"] = value;
        if (!instrument.IsObservable)
            _recorded.Add((instrument.Name, value));
    }

    private double[] Recorded(string name) => [.. _recorded.Where(entry => entry.Name == name).Select(entry => entry.Value)];
}
