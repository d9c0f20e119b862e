namespace FastLog.Storage.Inspection;

/// <summary>
/// Verifies what lies on the disk, reading only: it takes no lock, opens nothing for writing and changes nothing, so a
/// broker may be at work in the directory. What that broker removes meanwhile is skipped with a note.
/// </summary>
public static class LogVerifier
{
    private const string BootstrapSnapshot = "bootstrap.checkpoint";

    /// <summary>Verifies a log directory with all its partitions, or one partition's directory.</summary>
    /// <param name="files">The disk.</param>
    /// <param name="directory">The directory.</param>
    /// <param name="report">Called with each finding.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such directory.</exception>
    /// <exception cref="DiskException">The disk failed.</exception>
    public static VerificationSummary Verify(IFileSystem files, string directory, Action<Finding> report)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(report);
        if (!files.DirectoryExists(directory))
            throw new DirectoryNotFoundException($"{directory}: no such directory");
        FindingSink sink = new(report);
        if (IsLogDirectory(files, directory))
            VerifyDirectory(files, directory, sink);
        else
            VerifyPartition(files, directory, HomeOf(files, directory, sink), sink);
        // Whoever mistypes a path must not be told that all is sound.
        if (sink.Summary.SegmentsCount == 0 && !files.FileExists(Path.Combine(directory, MetaProperties.Name)))
            sink.Error(directory, -1, "is no log directory: it has neither meta.properties nor a segment");
        return sink.Summary;
    }

    /// <summary>Whether a directory is one of log.dirs, and not a partition's.</summary>
    public static bool IsLogDirectory(IFileSystem files, string directory)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.FileExists(Path.Combine(directory, MetaProperties.Name))
            || PartitionFiles.List(files, directory).BaseOffsets.Count == 0 && files.ListDirectories(directory).Any(name => TopicPartition.TryParse(name, out _));
    }

    private static void VerifyDirectory(IFileSystem files, string directory, FindingSink sink)
    {
        HomeCheckpoints home = HomeCheckpoints.Read(files, directory, sink);
        int removedCount = 0;
        foreach (string name in files.ListDirectories(directory).Order(StringComparer.Ordinal))
        {
            if (TopicPartition.TryParse(name, out _))
                VerifyPartition(files, Path.Combine(directory, name), home, sink);
            else if (DeletedDirectoryName.Matches(name))
                removedCount++;
            else
                sink.Note(Path.Combine(directory, name), "is no partition's directory: set aside, or strange");
        }
        if (removedCount > 0)
            sink.Note(directory, $"{removedCount} deleted partitions' directories wait to be removed");
        foreach (string name in files.ListFiles(directory))
        {
            if (name.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal))
                sink.Note(Path.Combine(directory, name), "was not finished, and the next start removes it");
        }
        string bootstrap = Path.Combine(directory, BootstrapSnapshot);
        if (files.FileExists(bootstrap))
        {
            using RecordsCheck records = new(sink);
            new MetadataSnapshotCheck(files, bootstrap, sink, records).Run();
        }
        home.ReportUnknown();
    }

    // A broker at work may replace or remove files between the look at one and the look at another, so in its directory
    // only what a second look finds too is found.
    private static void VerifyPartition(IFileSystem files, string directory, HomeCheckpoints? home, FindingSink sink)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        if (!TopicPartition.TryParse(name, out TopicPartition partition))
            home = null;
        if (TryVerify(files, directory, partition, home, isLastLook: false, sink))
            return;
        TryVerify(files, directory, partition, home?.ReadAgain(), isLastLook: true, sink);
    }

    /// <summary>One look; false, and nothing told, if there has to be another one.</summary>
    private static bool TryVerify(
        IFileSystem files, string directory, TopicPartition partition, HomeCheckpoints? home, bool isLastLook, FindingSink sink)
    {
        PartitionFacts facts = home?.FactsOf(partition) ?? new PartitionFacts();
        List<Finding> findings = [];
        FindingSink look = new(findings.Add);
        bool isWhole = true;
        try
        {
            long endOffset = PartitionVerifier.Run(files, directory, facts, look);
            home?.CheckEnd(partition, endOffset, look);
        }
        catch (DiskException exception) when (!facts.IsClean && exception.IsNotFound)
        {
            isWhole = false;
            look.Note(directory, $"changed while it was read, the rest of it was skipped: {exception.Message}");
        }
        bool isFinal = facts.IsClean || isLastLook || (isWhole && look.Summary.IsSound);
        if (isFinal)
            sink.TakeOver(look.Summary, findings);
        return isFinal;
    }

    private static HomeCheckpoints? HomeOf(IFileSystem files, string directory, FindingSink sink)
    {
        string? parent = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)));
        return parent is not null && files.FileExists(Path.Combine(parent, MetaProperties.Name))
            ? HomeCheckpoints.Read(files, parent, sink)
            : null;
    }
}
