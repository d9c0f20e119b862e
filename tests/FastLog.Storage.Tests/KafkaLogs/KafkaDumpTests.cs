using FastLog.KafkaData;
using FastLog.Records;
using FastLog.Storage.Inspection;

namespace FastLog.Storage.Tests.KafkaLogs;

/// <summary>The inspection reads the same out of Kafka's files as Kafka's own dump tool.</summary>
public sealed class KafkaDumpTests
{
    private static readonly PosixFileSystem Files = new();

    [Theory]
    [InlineData("clean", "dump-log.txt")]
    [InlineData("unclean", "dump-log-unclean.txt")]
    public void Batches_are_those_that_Kafka_dumped(string kind, string dump)
    {
        using KafkaDataDirectory data = new(kind);
        int compared = 0;
        foreach ((string file, List<Dictionary<string, string>> lines) in KafkaDump.Read(dump))
        {
            if (!file.EndsWith(SegmentNames.Log, StringComparison.Ordinal) && !file.EndsWith(".checkpoint", StringComparison.Ordinal))
                continue;
            using BatchFileReader batches = new(Files, data.PathOf(file));
            foreach (Dictionary<string, string> line in lines)
            {
                Assert.True(batches.MoveNext(), $"{file} ends before {line["baseOffset"]}");
                Compare(file, line, batches);
                compared++;
            }
            // The tool was run after recovery; a file of the killed broker may not have what that added, but never has more.
            Assert.False(batches.MoveNext(), $"{file} goes on behind {batches.NextPosition}");
            Assert.Null(batches.Problem);
        }
        Assert.True(compared > 1000);
    }

    [Fact]
    public void Index_entries_are_those_that_Kafka_dumped()
    {
        using KafkaDataDirectory data = new("clean");
        foreach ((string file, List<Dictionary<string, string>> lines) in KafkaDump.Read("dump-log-index.txt"))
        {
            string path = data.PathOf(file);
            long baseOffset = long.Parse(Path.GetFileName(file)[..20], System.Globalization.CultureInfo.InvariantCulture);
            if (file.EndsWith(SegmentNames.TimeIndex, StringComparison.Ordinal))
            {
                Assert.Equal(
                    lines.Select(line => (line.Number("timestamp"), line.Number("offset"))),
                    EntryFileReader.ReadTimeIndex(Files, path, baseOffset).Entries.Select(entry => (entry.TimestampMs, entry.Offset)));
            }
            else
            {
                Assert.Equal(
                    lines.Select(line => (line.Number("offset"), line.Number("position"))),
                    EntryFileReader.ReadOffsetIndex(Files, path, baseOffset).Entries.Select(entry => (entry.Offset, entry.Position)));
            }
        }
    }

    [Fact]
    public void Snapshots_and_aborted_transactions_are_those_that_Kafka_dumped()
    {
        using KafkaDataDirectory data = new("clean");
        int compared = 0;
        foreach ((string file, List<Dictionary<string, string>> lines) in KafkaDump.Read("dump-log.txt"))
        {
            string path = data.PathOf(file);
            if (file.EndsWith(SegmentNames.TransactionIndex, StringComparison.Ordinal))
            {
                compared += lines.Count;
                Assert.Equal(
                    lines.Select(line => (line.Number("producerId"), line.Number("firstOffset"), line.Number("lastOffset"), line.Number("lastStableOffset"))),
                    EntryFileReader.ReadTransactionIndex(Files, path).Entries
                        .Select(entry => (entry.ProducerId, entry.FirstOffset, entry.LastOffset, entry.LastStableOffset)));
            }
            else if (file.EndsWith(SegmentNames.Snapshot, StringComparison.Ordinal))
            {
                compared += lines.Count;
                EntryFileContent<ProducerSnapshotEntry> content = EntryFileReader.ReadProducerSnapshot(Files, path);
                Assert.Null(content.Problem);
                Assert.Equal(lines.Select(Producer), content.Entries.Select(entry => entry with { FilePosition = 0 }));
            }
        }
        Assert.True(compared > 100);
    }

    private static ProducerSnapshotEntry Producer(Dictionary<string, string> line) => new(
        line.Number("producerId"),
        (short)line.Number("producerEpoch"),
        line.ContainsKey("lastSequence") ? (int)line.Number("lastSequence") : -1,
        line.ContainsKey("lastOffset") ? line.Number("lastOffset") : -1,
        line.ContainsKey("offsetDelta") ? (int)line.Number("offsetDelta") : 0,
        line.Number("lastTimestamp"),
        (int)line.Number("coordinatorEpoch"),
        line.Optional("currentTxnFirstOffset"),
        0);

    private static void Compare(string file, Dictionary<string, string> line, BatchFileReader batches)
    {
        RecordBatchHeader header = batches.Header;
        Assert.Equal(
            (file, line.Number("baseOffset"), line.Number("lastOffset"), line.Number("count"), line.Number("position"), line.Number("size")),
            (file, header.BaseOffset, header.LastOffset, header.RecordsCount, batches.Position, header.TotalSizeInBytes));
        Assert.Equal(
            (file, line.Number("baseSequence"), line.Number("lastSequence"), line.Number("producerId"), line.Number("producerEpoch")),
            (file, header.BaseSequence, header.LastSequence, header.ProducerId, header.ProducerEpoch));
        Assert.Equal(line.Number("partitionLeaderEpoch"), header.PartitionLeaderEpoch);
        Assert.Equal(line["isTransactional"], header.IsTransactional ? "true" : "false");
        Assert.Equal(line["isControl"], header.IsControl ? "true" : "false");
        Assert.Equal(line.Optional("deleteHorizonMs"), header.HasDeleteHorizon ? header.BaseTimestamp : -1);
        Assert.Equal(line.Number(header.TimestampType.ToString()), header.MaxTimestamp);
        Assert.Equal(line["compresscodec"], header.CompressionType.ToString(), ignoreCase: true);
        Assert.Equal(line.Number("crc"), header.Crc);
        Assert.Equal(line["isvalid"], batches.IsCrcValid ? "true" : "false");
    }
}
