namespace FastLog.Storage;

/// <summary>Makes, finds and removes the files of one log's segments; knows names, not contents.</summary>
internal sealed class SegmentStore(ILogHome home, string directory)
{
    public string Directory => directory;

    public ILogHome Home => home;

    public IFileSystem Files => home.Files;

    public OpenSegmentFiles OpenFiles => home.OpenFiles;

    /// <summary>An empty segment. What a full disk left half made is taken away again.</summary>
    /// <param name="baseOffset">Its first offset.</param>
    /// <param name="preallocateBytes">Space to reserve.</param>
    /// <param name="nameEnd">What its files' names end with: nothing, or .cleaned: see <see cref="SegmentSwap"/>.</param>
    public LogSegment Create(long baseOffset, long preallocateBytes, string nameEnd = "")
    {
        List<IFile> made = new(3);
        try
        {
            foreach (string suffix in (ReadOnlySpan<string>)[SegmentNames.Log, SegmentNames.Index, SegmentNames.TimeIndex])
                made.Add(Files.Open(PathOf(baseOffset, suffix) + nameEnd, FileOpenMode.CreateOrTruncate));
            if (preallocateBytes > 0)
                made[0].Allocate(preallocateBytes);
        }
        catch (DiskException)
        {
            made.ForEach(file => file.Dispose());
            DeleteFiles(baseOffset, nameEnd);
            throw;
        }
        LogSegment segment = Make(baseOffset, nameEnd);
        using (segment.Log.Acquire())
        {
            // A cleaned segment's files stay open until they have their names. Of any other only the log file is needed soon.
            if (nameEnd.Length > 0)
                segment.Log.Adopt(made[0], made[1], made[2]);
            else
                segment.Log.Adopt(made[0]);
        }
        if (nameEnd.Length == 0)
            made[1..].ForEach(index => index.Dispose());
        segment.Publish(baseOffset, 0);
        segment.IsReady = true;
        return segment;
    }

    /// <summary>A segment whose files are there; nothing is opened. Next offset and size are still to be published.</summary>
    public LogSegment Find(long baseOffset) => Make(baseOffset, "");

    /// <summary>The length of the segment's log file, without opening it.</summary>
    public long SizeOf(long baseOffset) => Files.FileLength(PathOf(baseOffset, SegmentNames.Log));

    /// <summary>Takes the segment's files out of the log at once and off the disk later; readers may still hold them.</summary>
    public void Remove(LogSegment segment, long delayMs)
    {
        segment.Log.Retire();
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
    }

    public void DeleteFiles(long baseOffset, string nameEnd = "")
    {
        foreach (string suffix in SegmentNames.PerSegment)
            Files.DeleteFile(PathOf(baseOffset, suffix) + nameEnd);
    }

    public void SyncDirectory() => Files.SyncDirectory(directory);

    public string PathOf(long offset, string suffix) => SegmentNames.PathOf(directory, offset, suffix);

    /// <summary>Opens one of a segment's files; a missing index is made empty.</summary>
    public IFile OpenFile(string path, bool isIndex) =>
        Files.Open(path, isIndex ? FileOpenMode.OpenOrCreate : FileOpenMode.ReadWrite);

    private LogSegment Make(long baseOffset, string nameEnd) =>
        new(baseOffset, new SegmentFile(this, baseOffset, nameEnd), home.Time.GetUtcNow().ToUnixTimeMilliseconds());
}
