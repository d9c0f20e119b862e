using System.Globalization;

namespace FastLog.Storage.Inspection;

/// <summary>What lies in a partition's directory, by name, as of one moment.</summary>
public sealed class PartitionFiles
{
    private const string MetadataSnapshotSuffix = ".checkpoint";
    private const int MetadataSnapshotNameChars = 31;
    private const int OffsetDigits = 20;

    private static readonly string[] KnownNames = [LeaderEpochFile.Name, PartitionMetadataFile.Name, "quorum-state"];

    private PartitionFiles(IFileSystem files, string directory)
    {
        Directory = directory;
        HashSet<string> names = [.. files.ListFiles(directory)];
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            if (SegmentNames.TryParse(name, SegmentNames.Log, out long offset))
                BaseOffsets.Add(offset);
            else if (SegmentNames.TryParse(name, SegmentNames.Snapshot, out offset))
                ProducerSnapshotOffsets.Add(offset);
            else if (IsMetadataSnapshot(name))
                MetadataSnapshots.Add(name);
            else if (IsIndex(name, out offset))
                (names.Contains(SegmentNames.Of(offset, SegmentNames.Log)) ? Indexes : Leftovers).Add(name);
            else if (!KnownNames.Contains(name))
                Leftovers.Add(name);
        }
        BaseOffsets.Sort();
        ProducerSnapshotOffsets.Sort();
    }

    /// <summary>The directory.</summary>
    public string Directory { get; }

    /// <summary>Base offsets of the segments, rising.</summary>
    public List<long> BaseOffsets { get; } = [];

    /// <summary>Offsets of the producer snapshots, rising.</summary>
    public List<long> ProducerSnapshotOffsets { get; } = [];

    /// <summary>Names of a metadata log's snapshots, in the order of their offsets.</summary>
    public List<string> MetadataSnapshots { get; } = [];

    /// <summary>Names of the segments' index files.</summary>
    public List<string> Indexes { get; } = [];

    /// <summary>Names of files that are no part of the log: compactions that did not end, files on their way out, strangers.</summary>
    public List<string> Leftovers { get; } = [];

    /// <summary>Looks at a directory.</summary>
    /// <exception cref="DiskException">It cannot be read.</exception>
    public static PartitionFiles List(IFileSystem files, string directory)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new PartitionFiles(files, directory);
    }

    /// <summary>The path of a file that is named by an offset.</summary>
    /// <param name="offset">The segment's base offset, or the snapshot's offset.</param>
    /// <param name="suffix">Such as ".log".</param>
    public string PathOf(long offset, string suffix) => SegmentNames.PathOf(Directory, offset, suffix);

    private static bool IsIndex(string name, out long offset) =>
        SegmentNames.TryParse(name, SegmentNames.Index, out offset)
        || SegmentNames.TryParse(name, SegmentNames.TimeIndex, out offset)
        || SegmentNames.TryParse(name, SegmentNames.TransactionIndex, out offset);

    // End offset in 20 digits, a dash, epoch in 10 digits.
    private static bool IsMetadataSnapshot(string name) =>
        name.Length == MetadataSnapshotNameChars + MetadataSnapshotSuffix.Length
        && name.EndsWith(MetadataSnapshotSuffix, StringComparison.Ordinal)
        && name[OffsetDigits] == '-'
        && long.TryParse(name.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && int.TryParse(name.AsSpan(OffsetDigits + 1, MetadataSnapshotNameChars - OffsetDigits - 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
