namespace FastLog.Storage.Inspection;

/// <summary>The checkpoints of a log directory, read before its logs, and held against where the logs end.</summary>
internal sealed class HomeCheckpoints
{
    public const string CleanerOffset = "cleaner-offset-checkpoint";

    private const string JournalName = "commit-journal";

    private static readonly string[] Names =
        [OffsetCheckpointFile.RecoveryPoint, OffsetCheckpointFile.HighWatermark, OffsetCheckpointFile.LogStart, CleanerOffset];

    private readonly IFileSystem _files;
    private readonly string _directory;
    private readonly FindingSink _sink;
    private readonly Dictionary<string, Dictionary<TopicPartition, long>> _offsets = [];
    private readonly bool _isClean;
    private readonly bool _hasJournal;

    private HomeCheckpoints(IFileSystem files, string directory, FindingSink sink)
    {
        _files = files;
        _directory = directory;
        _sink = sink;
        _isClean = new CleanShutdownFile(files, directory).Exists;
        _hasJournal = files.FileExists(Path.Combine(directory, JournalName));
        foreach (string name in Names)
            _offsets[name] = Read(name);
    }

    public static HomeCheckpoints Read(IFileSystem files, string directory, FindingSink sink)
    {
        try
        {
            if (MetaProperties.Read(files, directory) is null)
                sink.Warning(Path.Combine(directory, MetaProperties.Name), -1, "is missing: nobody knows whose directory this is");
        }
        catch (CheckpointFormatException exception)
        {
            sink.Error(exception.Path, -1, exception.Problem);
        }
        return new HomeCheckpoints(files, directory, sink);
    }

    /// <summary>What they say now; what is wrong with their form was said before.</summary>
    public HomeCheckpoints ReadAgain() => new(_files, _directory, new FindingSink(_ => { }));

    public PartitionFacts FactsOf(TopicPartition partition) => new()
    {
        HasHome = true,
        IsClean = _isClean,
        HasJournal = _hasJournal,
        RecoveryPoint = _offsets[OffsetCheckpointFile.RecoveryPoint].GetValueOrDefault(partition),
        LogStart = _offsets[OffsetCheckpointFile.LogStart].GetValueOrDefault(partition),
        CleanedTo = _offsets[CleanerOffset].GetValueOrDefault(partition, -1),
    };

    public void CheckEnd(TopicPartition partition, long endOffset, FindingSink sink)
    {
        foreach ((string name, Dictionary<TopicPartition, long> offsets) in _offsets)
        {
            if (!offsets.TryGetValue(partition, out long offset) || offset <= endOffset)
                continue;
            bool isInJournal = _hasJournal && !_isClean;
            sink.Add(
                isInJournal ? FindingSeverity.Warning : FindingSeverity.Error,
                Path.Combine(_directory, name),
                -1,
                $"{partition}: {offset} lies behind the log's end {endOffset}{(isInJournal ? ", which the next start completes from the journal" : "")}");
        }
    }

    /// <summary>Partitions that are told about and are not there, as after a deletion just before a stop.</summary>
    public void ReportUnknown()
    {
        foreach ((string name, Dictionary<TopicPartition, long> offsets) in _offsets)
        {
            foreach (TopicPartition partition in offsets.Keys)
            {
                if (!_files.DirectoryExists(Path.Combine(_directory, partition.ToString())))
                    _sink.Note(Path.Combine(_directory, name), $"{partition} is not in the directory");
            }
        }
    }

    private Dictionary<TopicPartition, long> Read(string name)
    {
        try
        {
            return new OffsetCheckpointFile(_files, Path.Combine(_directory, name)).Read();
        }
        catch (CheckpointFormatException exception)
        {
            _sink.Error(exception.Path, -1, exception.Problem);
            return [];
        }
    }
}
