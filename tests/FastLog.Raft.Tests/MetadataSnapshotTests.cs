using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using FastLog.Storage;
using FastLog.Storage.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace FastLog.Raft.Tests;

public sealed class MetadataSnapshotTests
{
    private const string LogPath = "/data/__cluster_metadata-0";
    private const string FiftyName = "00000000000000000050-0000000007.checkpoint";

    private readonly SimulatedFileSystem _files = new(seed: 1);
    private readonly Recorder _recorder = new();

    [Fact]
    public async Task A_log_behind_its_snapshot_goes_on_from_there()
    {
        await PrepareAsync(0, _ => { });
        WriteSnapshot(FiftyName, ["one", "two"]);
        var (end, epoch) = await OpenAsync();
        Assert.Equal(["snapshot 50/7 one two", "replayed"], _recorder.Events);
        // The leader's first batch follows what the snapshot stands for, in a later epoch.
        Assert.Equal((51, 8), (end, epoch));
    }

    [Fact]
    public async Task What_the_log_holds_behind_the_snapshot_is_replayed_after_it()
    {
        await PrepareAsync(40, metadata => metadata.AppendAsync(Enumerable.Range(0, 15).Select(Topic).ToList(), default).AsTask().Wait());
        WriteSnapshot(FiftyName, ["all"]);
        await OpenAsync();
        Assert.Equal("snapshot 50/7 all", _recorder.Events[0]);
        // Offset 40 is the batch that began the epoch; the fifteen records follow, nine of them told by the snapshot.
        Assert.Equal(Enumerable.Range(9, 6).Select(i => $"{i + 41} t{i}"), _recorder.Events.Skip(1).SkipLast(1));
    }

    [Fact]
    public async Task A_whole_log_tells_more_than_its_snapshots()
    {
        await PrepareAsync(0, metadata => metadata.AppendAsync([Topic(1)], default).AsTask().Wait());
        WriteSnapshot("00000000000000000002-0000000001.checkpoint", ["one"]);
        await OpenAsync();
        Assert.Equal(["1 t1", "replayed"], _recorder.Events);
    }

    [Fact]
    public async Task A_newer_snapshot_stands_in_for_a_torn_one()
    {
        await PrepareAsync(40, metadata => metadata.AppendAsync(Enumerable.Range(0, 15).Select(Topic).ToList(), default).AsTask().Wait());
        WriteSnapshot("00000000000000000045-0000000007.checkpoint", ["torn"], hasFooter: false);
        WriteSnapshot(FiftyName, ["whole"]);
        await OpenAsync();
        Assert.Equal("snapshot 50/7 whole", _recorder.Events[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_log_without_its_beginning_is_refused(bool hasTornSnapshot)
    {
        await PrepareAsync(40, _ => { });
        if (hasTornSnapshot)
        {
            WriteSnapshot("00000000000000000040-0000000007.checkpoint", ["torn"], hasFooter: false);
        }
        await Assert.ThrowsAsync<RaftException>(OpenAsync);
        Assert.Empty(_recorder.Events);
    }

    [Fact]
    public async Task A_quorum_of_others_is_not_taken_over()
    {
        await PrepareAsync(0, _ => { });
        WriteSnapshot(FiftyName, [], voters: [1, 2, 3]);
        var refusal = await Assert.ThrowsAsync<RaftException>(OpenAsync);
        Assert.Contains("1, 2, 3", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_refused()
    {
        await PrepareAsync(40, _ => { });
        WriteSnapshot(FiftyName, ["one"], damages: true);
        await Assert.ThrowsAsync<RaftException>(OpenAsync);
    }

    private static MetadataRecord Topic(int number) => new(new TopicRecord { Name = $"t{number}", TopicId = Guid.NewGuid() }, 0);

    // A metadata log that starts at an offset, with what is appended to it.
    private async Task PrepareAsync(long startOffset, Action<MetadataLog> append)
    {
        var options = new LogDirectoryOptions { ClusterId = "TestClusterAAAAAAAAAAA", NodeId = 1 };
        await using var directory = LogDirectory.Open("/data", options, _files, new ManualClock(), NullLogger.Instance);
        var log = directory.CreateOrOpen(MetadataLog.Partition, MetadataLog.TopicId, MetadataLog.Config);
        if (startOffset > 0)
        {
            log.TruncateFullyAndStartAt(startOffset);
            WriteSnapshot("00000000000000000040-0000000001.checkpoint", []);
        }
        using (var metadata = await MetadataLog.OpenAsync(
            log, _files, 1, new Recorder(), new ManualClock(), NullLogger<MetadataLog>.Instance))
        {
            append(metadata);
        }
        _files.DeleteFile(Path.Combine(LogPath, "00000000000000000040-0000000001.checkpoint"));
    }

    private async Task<(long End, int Epoch)> OpenAsync()
    {
        var options = new LogDirectoryOptions { ClusterId = "TestClusterAAAAAAAAAAA", NodeId = 1 };
        await using var directory = LogDirectory.Open("/data", options, _files, new ManualClock(), NullLogger.Instance);
        var log = directory.CreateOrOpen(MetadataLog.Partition, MetadataLog.TopicId, MetadataLog.Config);
        using var metadata = await MetadataLog.OpenAsync(
            log, _files, 1, _recorder, new ManualClock(), NullLogger<MetadataLog>.Instance);
        return (metadata.EndOffset, metadata.Epoch);
    }

    private void WriteSnapshot(string name, string[] topics, bool hasFooter = true, int[]? voters = null, bool damages = false)
    {
        List<byte> bytes = [];
        using var batch = new RecordBatchBuilder();
        var offset = 0L;
        void Control(ControlRecordType type, IMessageStruct message)
        {
            batch.Begin(baseOffset: offset++, isControl: true, partitionLeaderEpoch: 7);
            batch.AppendControl(1, type, message.ToArray(0));
            bytes.AddRange(batch.Build().Span);
        }

        Control(ControlRecordType.SnapshotHeader, new SnapshotHeaderRecord());
        if (voters is not null)
        {
            var record = new VotersRecord();
            foreach (var voter in voters)
            {
                record.Voters.Add().VoterId = voter;
            }
            Control(ControlRecordType.KRaftVoters, record);
        }
        foreach (var topic in topics)
        {
            using var value = new PooledBufferWriter();
            MetadataRecordSerde.Encode(new TopicRecord { Name = topic, TopicId = Guid.NewGuid() }, 0, value);
            batch.Begin(baseOffset: offset++, partitionLeaderEpoch: 7);
            batch.TryAppend(1, default, keyIsNull: true, value.WrittenSpan, valueIsNull: false);
            bytes.AddRange(batch.Build().Span);
        }
        if (hasFooter)
        {
            Control(ControlRecordType.SnapshotFooter, new SnapshotFooterRecord());
        }
        if (damages)
        {
            bytes[^1] ^= 1;
        }
        using var file = _files.Open(Path.Combine(LogPath, name), FileOpenMode.CreateOrTruncate);
        file.Write(0, bytes.ToArray());
    }

    private sealed class Recorder : IMetadataListener
    {
        public List<string> Events { get; } = [];

        public void OnSnapshot(IReadOnlyList<IMetadataRecord> records, long endOffset, int epoch) =>
            Events.Add($"snapshot {endOffset}/{epoch}{string.Concat(records.Select(record => " " + ((TopicRecord)record).Name))}");

        public void OnReplay(IMetadataRecord record, long offset, int epoch) => Events.Add($"{offset} {((TopicRecord)record).Name}");

        public void OnReplayed() => Events.Add("replayed");

        public void OnCommitted(IReadOnlyList<MetadataRecord> records, long baseOffset, int epoch)
        {
        }
    }
}
