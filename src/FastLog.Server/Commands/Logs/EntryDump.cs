using FastLog.Storage;
using FastLog.Storage.Inspection;

namespace FastLog.Server.Commands;

/// <summary>Prints the files beside a log, an entry a line.</summary>
internal static class EntryDump
{
    public static void File(DumpOutput output, string path, long sizeInBytes)
    {
        output.Begin("file");
        output.Add("path", path);
        output.Add("size", sizeInBytes);
        output.End();
    }

    public static void Offsets(DumpOutput output, PosixFileSystem files, string path, long baseOffset, long fromOffset) =>
        Write(output, files, path, EntryFileReader.ReadOffsetIndex(files, path, baseOffset), entry => entry.Offset >= fromOffset, entry =>
        {
            output.Begin("indexEntry");
            output.Add("offset", entry.Offset);
            output.Add("position", entry.Position);
            output.End();
        });

    public static void Times(DumpOutput output, PosixFileSystem files, string path, long baseOffset, long fromOffset) =>
        Write(output, files, path, EntryFileReader.ReadTimeIndex(files, path, baseOffset), entry => entry.Offset >= fromOffset, entry =>
        {
            output.Begin("timeIndexEntry");
            output.Add("timestamp", entry.TimestampMs);
            output.Add("offset", entry.Offset);
            output.End();
        });

    public static void Aborted(DumpOutput output, PosixFileSystem files, string path, long fromOffset) =>
        Write(output, files, path, EntryFileReader.ReadTransactionIndex(files, path), entry => entry.LastOffset >= fromOffset, entry =>
        {
            output.Begin("abortedTransaction");
            output.Add("version", entry.Version);
            output.Add("producerId", entry.ProducerId);
            output.Add("firstOffset", entry.FirstOffset);
            output.Add("lastOffset", entry.LastOffset);
            output.Add("lastStableOffset", entry.LastStableOffset);
            output.End();
        });

    public static void Producers(DumpOutput output, PosixFileSystem files, string path) =>
        Write(output, files, path, EntryFileReader.ReadProducerSnapshot(files, path), _ => true, entry =>
        {
            output.Begin("producer");
            output.Add("producerId", entry.ProducerId);
            output.Add("producerEpoch", entry.ProducerEpoch);
            output.Add("lastSequence", entry.LastSequence);
            output.Add("lastOffset", entry.LastOffset);
            output.Add("offsetDelta", entry.OffsetDelta);
            output.Add("timestamp", entry.TimestampMs);
            output.Add("coordinatorEpoch", entry.CoordinatorEpoch);
            output.Add("currentTxnFirstOffset", entry.CurrentTransactionFirstOffset);
            output.End();
        });

    private static void Write<TEntry>(
        DumpOutput output,
        PosixFileSystem files,
        string path,
        EntryFileContent<TEntry> content,
        Func<TEntry, bool> isWanted,
        Action<TEntry> write)
    {
        if (!files.FileExists(path))
        {
            return;
        }

        output.Begin("file");
        output.Add("path", path);
        output.Add("entries", content.Entries.Count);
        if (content.ReservedBytes > 0)
        {
            output.Add("reservedBytes", content.ReservedBytes);
        }

        output.Add("problem", content.Problem);
        output.End();
        foreach (var entry in content.Entries.Where(isWanted))
        {
            write(entry);
        }
    }
}
