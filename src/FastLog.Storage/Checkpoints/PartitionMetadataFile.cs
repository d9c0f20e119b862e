using FastLog.Records;

namespace FastLog.Storage;

/// <summary>partition.metadata: which topic (by id) a partition's directory belongs to.</summary>
internal sealed class PartitionMetadataFile(IFileSystem files, string logDirectory)
{
    public const string Name = "partition.metadata";

    private const string TopicIdKey = "topic_id:";

    private readonly string _path = Path.Combine(logDirectory, Name);

    /// <summary>Null when the file is missing or was left without its line.</summary>
    public Guid? Read()
    {
        string? text = AtomicFile.ReadText(files, _path);
        if (text is null)
            return null;
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (!line.StartsWith(TopicIdKey, StringComparison.Ordinal))
                continue;
            return UuidText.TryParse(line.AsSpan(TopicIdKey.Length).Trim(), out Guid topicId)
                ? topicId
                : throw new CheckpointFormatException(_path, $"\"{line}\" holds no topic id");
        }
        return null;
    }

    public void Write(Guid topicId) =>
        AtomicFile.WriteText(files, _path, $"version: 0\n{TopicIdKey} {UuidText.Format(topicId)}\n");
}
