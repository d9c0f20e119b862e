using FastLog.KafkaData;
using FastLog.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Storage.Tests.KafkaLogs;

/// <summary>A copy of Kafka's data directory, opened as storage opens its own.</summary>
internal sealed class KafkaLogDirectory : IAsyncDisposable
{
    private readonly ManualClock _clock = new();

    public KafkaLogDirectory(KafkaDataDirectory data)
    {
        Data = data;
        Topics = KafkaTopic.Read(data.Kind);
        Directory = Start();
    }

    public KafkaDataDirectory Data { get; }

    public IReadOnlyList<KafkaTopic> Topics { get; }

    public LogDirectory Directory { get; private set; }

    /// <summary>Opens all logs, internal ones too, with their topics' settings.</summary>
    public List<PartitionLog> OpenAll() =>
        [.. Directory.ExistingPartitions()
            .OrderBy(existing => existing.Partition.ToString(), StringComparer.Ordinal)
            .Select(existing => Directory.CreateOrOpen(existing.Partition, existing.TopicId!.Value, ConfigOf(existing.Partition.Topic)))];

    public async Task RestartAsync()
    {
        await Directory.DisposeAsync();
        Directory = Start();
    }

    public LogConfig ConfigOf(string topicName)
    {
        KafkaTopic? topic = Topics.SingleOrDefault(topic => topic.Name == topicName);
        return topic is null
            ? new LogConfig()
            : new LogConfig { SegmentBytes = topic.ConfigOf("segment.bytes", 1 << 30), IndexIntervalBytes = topic.ConfigOf("index.interval.bytes", 4096) };
    }

    /// <summary>All records of a log but markers, each as a line.</summary>
    public static List<string> ReadLines(PartitionLog log)
    {
        List<string> lines = [];
        using PooledBufferWriter scratch = new();
        using BatchCursor batches = log.ReadBatches(log.LogStartOffset, log.LogEndOffset);
        while (batches.MoveNext())
        {
            RecordBatchView batch = new(batches.Batch.Span);
            foreach (RecordView record in batch.Records(scratch, 1 << 24))
            {
                if (!batch.Header.IsControl && record.Offset >= log.LogStartOffset)
                    lines.Add(KafkaRecords.Line(record, batch.Header.TimestampType, batch.Header.PartitionLeaderEpoch));
            }
        }
        Assert.Equal(ReadStatus.Ok, batches.Status);
        return lines;
    }

    public async ValueTask DisposeAsync() => await Directory.DisposeAsync();

    private LogDirectory Start() =>
        LogDirectory.Open(
            Data.Path,
            new LogDirectoryOptions { ClusterId = KafkaDataDirectory.ClusterId, NodeId = KafkaDataDirectory.NodeId },
            new PosixFileSystem(),
            _clock,
            NullLogger.Instance);
}
