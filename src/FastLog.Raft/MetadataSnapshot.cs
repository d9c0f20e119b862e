using System.Globalization;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;
using FastLog.Storage;
using FastLog.Storage.Inspection;

namespace FastLog.Raft;

/// <summary>
/// A metadata snapshot (KIP-630): what all records below an offset come to. Kafka writes them beside its metadata log,
/// and removes from the log what they stand for; its format tool writes one of offset 0, and <c>bootstrap.checkpoint</c>.
/// </summary>
public sealed class MetadataSnapshot
{
    /// <summary>Name of the file in a log directory with which Kafka's format tool begins a cluster.</summary>
    public const string BootstrapFileName = "bootstrap.checkpoint";

    private const int BatchBytesMax = 256 * 1024 * 1024;
    private const int OffsetDigits = 20;
    private const int EpochDigits = 10;

    private readonly List<IMetadataRecord> _records = [];

    private MetadataSnapshot(string path, long endOffset, int epoch)
    {
        Path = path;
        EndOffset = endOffset;
        Epoch = epoch;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The first offset that the snapshot does not stand for.</summary>
    public long EndOffset { get; }

    /// <summary>Epoch of the last record that the snapshot stands for.</summary>
    public int Epoch { get; }

    /// <summary>The records.</summary>
    public IReadOnlyList<IMetadataRecord> Records => _records;

    /// <summary>The voters, when the snapshot names them; null when it does not.</summary>
    public IReadOnlyList<int>? Voters { get; private set; }

    /// <summary>Reads a snapshot, whole or not at all.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="RaftException">The file is damaged or no snapshot.</exception>
    public static MetadataSnapshot Read(IFileSystem files, string path)
    {
        ArgumentNullException.ThrowIfNull(files);
        var (endOffset, epoch) = ParseName(System.IO.Path.GetFileName(path));
        var snapshot = new MetadataSnapshot(path, endOffset, epoch);
        try
        {
            snapshot.Load(files);
        }
        catch (Exception exception) when (exception is RecordFormatException or ProtocolException or DiskException)
        {
            throw new RaftException($"{path}: {exception.Message}", exception);
        }
        return snapshot;
    }

    /// <summary>The end offset and epoch that a name tells; zeros for a name that is none of a snapshot.</summary>
    internal static (long EndOffset, int Epoch) ParseName(string name) =>
        name.Length > OffsetDigits + EpochDigits
        && long.TryParse(name.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var endOffset)
        && int.TryParse(name.AsSpan(OffsetDigits + 1, EpochDigits), NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? (endOffset, epoch)
            : (0, 0);

    private void Load(IFileSystem files)
    {
        using var scratch = new PooledBufferWriter();
        using var batches = new BatchFileReader(files, Path);
        var last = ControlRecordType.SnapshotHeader;
        while (batches.MoveNext())
        {
            if (!batches.IsCrcValid)
            {
                throw new RaftException($"{Path}: the batch at position {batches.Position} has a wrong CRC");
            }
            var batch = new RecordBatchView(batches.Batch.Span);
            foreach (var record in batch.Records(scratch, BatchBytesMax))
            {
                if (last == ControlRecordType.SnapshotFooter)
                {
                    throw new RaftException($"{Path}: something follows the snapshot's footer");
                }
                if (batch.Header.IsControl)
                {
                    last = LoadControl(record);
                }
                else
                {
                    _records.Add(MetadataRecordSerde.Decode(record.Value.ToArray()));
                }
            }
        }
        // A snapshot that was not written to its end has no footer.
        if (batches.Problem is not null || last != ControlRecordType.SnapshotFooter)
        {
            throw new RaftException($"{Path} is no whole snapshot: {batches.Problem ?? "it has no footer"}");
        }
    }

    private ControlRecordType LoadControl(in RecordView record)
    {
        if (!ControlRecord.TryReadKey(record.Key, out var type))
        {
            throw new RaftException($"{Path}: a control record without a type");
        }
        Voters = QuorumVoters.Read(type, record.Value.ToArray()) ?? Voters;
        return type;
    }
}
