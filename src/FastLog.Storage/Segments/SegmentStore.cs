namespace FastLog.Storage;

/// <summary>Makes, opens and removes the files of one log's segments; knows names, not contents.</summary>
internal sealed class SegmentStore(ILogHome home, string directory)
{
    public string Directory => directory;

    public ILogHome Home => home;

    public IFileSystem Files => home.Files;

    /// <summary>An empty segment. What a full disk left half made is taken away again.</summary>
    public LogSegment Create(long baseOffset, long preallocateBytes)
    {
        try
        {
            LogSegment segment = OpenFiles(baseOffset, FileOpenMode.CreateOrTruncate);
            if (preallocateBytes > 0)
                segment.Log.File.Allocate(preallocateBytes);
            segment.Publish(baseOffset, 0);
            return segment;
        }
        catch (DiskException)
        {
            DeleteFiles(baseOffset);
            throw;
        }
    }

    /// <summary>The files as they lie; next offset and size are still to be published. Missing indexes are made empty.</summary>
    public LogSegment Open(long baseOffset) => OpenFiles(baseOffset, FileOpenMode.OpenOrCreate);

    public bool HasIndexes(long baseOffset) =>
        Files.FileExists(PathOf(baseOffset, SegmentNames.Index)) && Files.FileExists(PathOf(baseOffset, SegmentNames.TimeIndex));

    /// <summary>Takes the segment's files out of the log at once and off the disk later; readers may still hold them.</summary>
    public void Remove(LogSegment segment, long delayMs)
    {
        segment.Transactions.OpenForGood();
        // The log file goes first: without it, leftovers of the others are nobody's.
        foreach (string suffix in SegmentNames.PerSegment)
        {
            string path = PathOf(segment.BaseOffset, suffix);
            if (!Files.FileExists(path))
                continue;
            string deleted = path + SegmentNames.Deleted;
            Files.Rename(path, deleted);
            home.RemoveLater(deleted, delayMs);
        }
        segment.Log.Dispose();
    }

    public void DeleteFiles(long baseOffset)
    {
        foreach (string suffix in SegmentNames.PerSegment)
            Files.DeleteFile(PathOf(baseOffset, suffix));
    }

    public void SyncDirectory() => Files.SyncDirectory(directory);

    public string PathOf(long offset, string suffix) => SegmentNames.PathOf(directory, offset, suffix);

    private LogSegment OpenFiles(long baseOffset, FileOpenMode mode)
    {
        List<IFile> opened = new(3);
        try
        {
            foreach (string suffix in (ReadOnlySpan<string>)[SegmentNames.Log, SegmentNames.Index, SegmentNames.TimeIndex])
                opened.Add(Files.Open(PathOf(baseOffset, suffix), mode));
            OffsetIndex index = new(opened[1], baseOffset);
            TimeIndex timeIndex = new(opened[2], baseOffset);
            TransactionIndex transactions = new(Files, PathOf(baseOffset, SegmentNames.TransactionIndex));
            SegmentFile log = new(opened[0], index, timeIndex, transactions);
            return new LogSegment(baseOffset, log, index, timeIndex, transactions, home.Time.GetUtcNow().ToUnixTimeMilliseconds());
        }
        catch (DiskException)
        {
            opened.ForEach(file => file.Dispose());
            throw;
        }
    }
}
