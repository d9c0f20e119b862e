using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using FastLog.Storage;
using FastLog.Storage.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Raft.Tests;

public sealed class MetadataLogTests
{
    private readonly SimulatedFileSystem _files = new(seed: 1);

    [Fact]
    public async Task An_epoch_begins_with_kafkas_leader_change_record()
    {
        await using var test = await Opened.Open(_files);

        var region = test.Log.Read(0, int.MaxValue, long.MaxValue, atLeastOneBatch: true);
        var bytes = new byte[region.SizeInBytes];
        using (region.Lease)
        {
            region.Lease!.File.Read(region.Position, bytes);
        }

        var batch = new RecordBatchView(bytes);
        Assert.Equal((0x20, 1, -1L, -1), (batch.Header.Attributes, batch.Header.PartitionLeaderEpoch, batch.Header.ProducerId, batch.Header.BaseSequence));
        Assert.True(batch.IsCrcValid);
        var records = batch.GetEnumerator();
        Assert.True(records.MoveNext());
        Assert.Equal("00000002", Convert.ToHexString(records.Current.Key));
        // version 0, leader 1, one voter 1, one granting voter 1, each struct with its empty tags
        Assert.Equal("0000" + "00000001" + "020000000100" + "020000000100" + "00", Convert.ToHexString(records.Current.Value));
        Assert.False(records.MoveNext());
    }

    [Fact]
    public async Task A_record_is_framed_as_kafka_frames_it()
    {
        await using var test = await Opened.Open(_files);
        var offset = await test.Metadata.AppendAsync(
            [new MetadataRecord(new FeatureLevelRecord { Name = "group.version", FeatureLevel = 1 }, 0)], CancellationToken.None);

        var region = test.Log.Read(offset, int.MaxValue, long.MaxValue, atLeastOneBatch: true);
        var bytes = new byte[region.SizeInBytes];
        using (region.Lease)
        {
            region.Lease!.File.Read(region.Position, bytes);
        }

        var records = new RecordBatchView(bytes).GetEnumerator();
        Assert.True(records.MoveNext());
        Assert.True(records.Current.KeyIsNull);
        // frame version 1, record type 12, version 0, compact string, level, no tags: 20 bytes, as Kafka's own
        Assert.Equal("010C00" + "0E" + Convert.ToHexString("group.version"u8) + "0001" + "00", Convert.ToHexString(records.Current.Value));
    }

    [Fact]
    public async Task What_was_appended_was_applied_and_is_replayed()
    {
        var first = new Recorder();
        await using (var test = await Opened.Open(_files, first))
        {
            await test.Metadata.AppendAsync([Topic("a"), Topic("b")], CancellationToken.None);
            await test.Metadata.AppendAsync([Topic("c")], CancellationToken.None);
        }
        Assert.Equal(["replayed", "1/1 a", "2/1 b", "3/1 c"], first.Events);

        var second = new Recorder();
        await using var again = await Opened.Open(_files, second);

        Assert.Equal(["1/1 a", "2/1 b", "3/1 c", "replayed"], second.Events);
        Assert.Equal((2, 5L), (again.Metadata.Epoch, again.Metadata.EndOffset));
    }

    [Fact]
    public async Task Nothing_is_applied_before_it_is_synced()
    {
        var recorder = new Recorder();
        await using var test = await Opened.Open(_files, recorder);
        _files.Fault = (call, _) => call == "fdatasync" ? DiskException.InputOutputError : 0;

        await Assert.ThrowsAsync<RaftException>(
            async () => await test.Metadata.AppendAsync([Topic("a")], CancellationToken.None));
        await Assert.ThrowsAsync<RaftException>(
            async () => await test.Metadata.AppendAsync([Topic("b")], CancellationToken.None));

        Assert.Equal(["replayed"], recorder.Events);
    }

    [Fact]
    public async Task A_full_disk_passes()
    {
        var recorder = new Recorder();
        await using var test = await Opened.Open(_files, recorder);
        _files.Fault = (call, _) => call == "pwrite" ? DiskException.OutOfSpace : 0;
        await Assert.ThrowsAsync<RaftException>(
            async () => await test.Metadata.AppendAsync([Topic("a")], CancellationToken.None));
        _files.Fault = null;

        Assert.Equal(1, await test.Metadata.AppendAsync([Topic("b")], CancellationToken.None));
        Assert.Equal(["replayed", "1/1 b"], recorder.Events);
    }

    [Fact]
    public async Task Transactions_of_kafkas_controllers_are_replayed_whole_or_not_at_all()
    {
        await using (var test = await Opened.Open(_files))
        {
            MetadataRecord[] records =
            [
                new(new BeginTransactionRecord(), 0), Topic("in"), new(new EndTransactionRecord(), 0),
                new(new BeginTransactionRecord(), 0), Topic("aborted"), new(new AbortTransactionRecord(), 0),
                Topic("plain"),
                new(new BeginTransactionRecord(), 0), Topic("unfinished"),
            ];
            foreach (var record in records)
            {
                await test.Metadata.AppendAsync([record], CancellationToken.None);
            }
        }

        foreach (var _ in new[] { "the transaction is aborted", "and stays so" })
        {
            var recorder = new Recorder();
            await using var again = await Opened.Open(_files, recorder);
            Assert.Equal(["in", "plain"], recorder.Events.Where(text => text.Contains('/', StringComparison.Ordinal)).Select(text => text.Split(' ')[1]).Take(2));
            Assert.DoesNotContain(recorder.Events, text => text.EndsWith("aborted", StringComparison.Ordinal) || text.EndsWith("unfinished", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_damaged_log_is_refused_with_its_place()
    {
        await using (var test = await Opened.Open(_files))
        {
            await test.Metadata.AppendAsync([Topic("a")], CancellationToken.None);
        }
        using (var file = _files.Open("/data/__cluster_metadata-0/00000000000000000000.log", FileOpenMode.ReadWrite))
        {
            var last = new byte[1];
            file.Read(file.Length - 3, last);
            file.Write(file.Length - 3, [(byte)~last[0]]);
        }

        var error = await Assert.ThrowsAsync<RaftException>(() => Opened.Open(_files));

        Assert.Equal("/data/__cluster_metadata-0: offset 1 cannot be read (Corrupt)", error.Message);
    }

    private static MetadataRecord Topic(string name) =>
        new(new TopicRecord { Name = name, TopicId = Guid.NewGuid() }, 0);

    private sealed class Opened(LogDirectory directory, PartitionLog log, MetadataLog metadata) : IAsyncDisposable
    {
        public PartitionLog Log => log;

        public MetadataLog Metadata => metadata;

        public static async Task<Opened> Open(SimulatedFileSystem files, IMetadataListener? listener = null)
        {
            var options = new LogDirectoryOptions { ClusterId = "TestClusterAAAAAAAAAAA", NodeId = 1 };
            var directory = LogDirectory.Open("/data", options, files, new ManualClock(), NullLogger.Instance);
            try
            {
                var log = directory.CreateOrOpen(MetadataLog.Partition, MetadataLog.TopicId, MetadataLog.Config);
                var metadata = await MetadataLog.OpenAsync(
                    log, files, 1, listener ?? new Recorder(), new ManualClock(), NullLogger<MetadataLog>.Instance);
                return new Opened(directory, log, metadata);
            }
            catch
            {
                await directory.DisposeAsync();
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            metadata.Dispose();
            await directory.DisposeAsync();
        }
    }

    private sealed class Recorder : IMetadataListener
    {
        public List<string> Events { get; } = [];

        public void OnSnapshot(IReadOnlyList<IMetadataRecord> records, long endOffset, int epoch)
        {
            foreach (var record in records)
            {
                Add(record, endOffset - 1, epoch);
            }
        }

        public void OnReplay(IMetadataRecord record, long offset, int epoch) => Add(record, offset, epoch);

        public void OnReplayed() => Events.Add("replayed");

        public void OnCommitted(IReadOnlyList<MetadataRecord> records, long baseOffset, int epoch)
        {
            for (var i = 0; i < records.Count; i++)
            {
                Add(records[i].Record, baseOffset + i, epoch);
            }
        }

        private void Add(IMetadataRecord record, long offset, int epoch) =>
            Events.Add($"{offset}/{epoch} {(record as TopicRecord)?.Name ?? record.RecordType.ToString()}");
    }
}
