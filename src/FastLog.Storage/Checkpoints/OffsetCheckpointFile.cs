using System.Globalization;

namespace FastLog.Storage;

/// <summary>One offset per partition of a directory: recovery points, log starts, high watermarks or ends of cleanings, one file each.</summary>
internal sealed class OffsetCheckpointFile(IFileSystem files, string path)
{
    public const string RecoveryPoint = "recovery-point-offset-checkpoint";
    public const string LogStart = "log-start-offset-checkpoint";
    public const string Cleaner = "cleaner-offset-checkpoint";
    public const string HighWatermark = "replication-offset-checkpoint";

    public Dictionary<TopicPartition, long> Read()
    {
        Dictionary<TopicPartition, long> offsets = [];
        string? text = AtomicFile.ReadText(files, path);
        if (text is null)
            return offsets;
        foreach (string[] fields in CheckpointLines.Parse(path, text, fieldsPerEntry: 3))
        {
            long partition = CheckpointLines.ParseNumber(path, fields[1]);
            long offset = CheckpointLines.ParseNumber(path, fields[2]);
            if (partition is < 0 or > int.MaxValue || offset < 0)
                throw new CheckpointFormatException(path, $"{fields[0]} {partition} {offset} is out of range");
            offsets[new TopicPartition(fields[0], (int)partition)] = offset;
        }
        return offsets;
    }

    public void Write(IEnumerable<KeyValuePair<TopicPartition, long>> offsets)
    {
        List<string> lines = [];
        foreach ((TopicPartition partition, long offset) in offsets)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{partition.Topic} {partition.Partition} {offset}"));
        AtomicFile.WriteText(files, path, CheckpointLines.Format(lines));
    }
}
