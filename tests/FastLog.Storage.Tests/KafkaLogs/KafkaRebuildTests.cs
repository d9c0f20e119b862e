using FastLog.KafkaData;
using FastLog.Storage.Inspection;

namespace FastLog.Storage.Tests.KafkaLogs;

/// <summary>Files that storage makes anew from Kafka's logs: as Kafka made them, byte for byte, where the rules leave no choice.</summary>
public sealed class KafkaRebuildTests
{
    private static readonly PosixFileSystem Files = new();

    [Fact]
    public async Task Lost_indexes_are_made_again()
    {
        using KafkaDataDirectory data = new("clean");
        Dictionary<string, byte[]> kafkas = Take(data, SegmentNames.Index, SegmentNames.TimeIndex);
        await OpenAndCloseAsync(data);
        AssertSound(data);
        int same = 0;
        foreach ((string path, byte[] bytes) in kafkas)
        {
            // Compaction copies many batches in one append and indexes them as one: other entries, as true.
            if (IsCompacted(path) || new FileInfo(Path.ChangeExtension(path, SegmentNames.Log)).Length == 0)
                continue;
            Assert.True(bytes.AsSpan().SequenceEqual(File.ReadAllBytes(path)), $"{path} is not as Kafka made it");
            same++;
        }
        Assert.True(same > 100);
    }

    [Fact]
    public async Task Lost_producer_snapshots_are_made_again()
    {
        using KafkaDataDirectory data = new("clean");
        Dictionary<string, byte[]> kafkas = Take(data, SegmentNames.Snapshot);
        await OpenAndCloseAsync(data);
        AssertSound(data);
        int same = 0;
        foreach ((string path, byte[] bytes) in kafkas)
        {
            // What was deleted or compacted away cannot be told any more; older snapshots are not written again.
            if (IsCompacted(path) || path.Contains("deleted", StringComparison.Ordinal) || !File.Exists(path) || bytes.Length <= 10)
                continue;
            Assert.Equal(
                EntryFileReader.ReadProducerSnapshot(Files, path).Entries.Select(entry => entry with { FilePosition = 0 }).OrderBy(entry => entry.ProducerId),
                Decode(bytes, data).OrderBy(entry => entry.ProducerId));
            same++;
        }
        Assert.True(same >= 10, $"{same} snapshots compared");
    }

    [Fact]
    public async Task Checkpoints_keep_what_Kafka_wrote()
    {
        using KafkaDataDirectory data = new("clean");
        string[] names = [OffsetCheckpointFile.LogStart, OffsetCheckpointFile.RecoveryPoint];
        Dictionary<string, string[]> before = names.ToDictionary(name => name, name => OffsetLines(data.PathOf(name)));
        Dictionary<string, byte[]> beside = Directory.GetFiles(data.Path, "*", SearchOption.AllDirectories)
            .Where(path => Path.GetFileName(path) is LeaderEpochFile.Name or PartitionMetadataFile.Name)
            // An epoch that starts at a log's end had no record: it goes at the opening, with Kafka as here.
            .Where(path => !path.Contains("all-deleted", StringComparison.Ordinal) && new FileInfo(Path.Combine(Path.GetDirectoryName(path)!, SegmentNames.Of(0, SegmentNames.Log))) is not { Exists: true, Length: 0 })
            .ToDictionary(path => path, File.ReadAllBytes);
        string[] properties = SortedLines(data.PathOf(MetaProperties.Name));
        await OpenAndCloseAsync(data);
        Assert.All(names, name => Assert.Equal(before[name], OffsetLines(data.PathOf(name))));
        Assert.All(beside, file => Assert.Equal(file.Value, File.ReadAllBytes(file.Key)));
        Assert.Equal(properties, SortedLines(data.PathOf(MetaProperties.Name)));
    }

    private static Dictionary<string, byte[]> Take(KafkaDataDirectory data, params string[] suffixes)
    {
        Dictionary<string, byte[]> taken = [];
        foreach (string path in Directory.GetFiles(data.Path, "*", SearchOption.AllDirectories))
        {
            if (!suffixes.Contains(Path.GetExtension(path)))
                continue;
            taken.Add(path, File.ReadAllBytes(path));
            File.Delete(path);
        }
        return taken;
    }

    private static async Task OpenAndCloseAsync(KafkaDataDirectory data)
    {
        KafkaLogDirectory directory = new(data);
        directory.OpenAll();
        await directory.DisposeAsync();
    }

    private static void AssertSound(KafkaDataDirectory data)
    {
        List<Finding> findings = [];
        LogVerifier.Verify(Files, data.Path, findings.Add);
        Assert.Empty(findings);
    }

    private static List<ProducerSnapshotEntry> Decode(byte[] bytes, KafkaDataDirectory data)
    {
        string path = data.PathOf("kafkas.snapshot");
        File.WriteAllBytes(path, bytes);
        return [.. EntryFileReader.ReadProducerSnapshot(Files, path).Entries.Select(entry => entry with { FilePosition = 0 })];
    }

    private static bool IsCompacted(string path) => path.Contains("/compact-", StringComparison.Ordinal) || path.Contains("/txn-compact-", StringComparison.Ordinal);

    // Kafka writes a line for a log without records too, and keeps the metadata log's elsewhere.
    private static string[] OffsetLines(string path) =>
        [.. SortedLines(path).Where(line =>
            line.Split(' ') is [_, _, not "0"] && !line.StartsWith("__cluster_metadata", StringComparison.Ordinal))];

    private static string[] SortedLines(string path) =>
        [.. File.ReadAllLines(path).Where(line => line.Length > 0 && line[0] != '#').Order(StringComparer.Ordinal)];
}
