using Microsoft.Extensions.Logging;

namespace FastLog.Storage;

/// <summary>
/// After an unclean stop: puts the bytes that the commit journal vouches for where they belong and syncs them, before
/// any log is opened. They may be there already, in part or all; writing them again is harmless.
/// </summary>
internal sealed class JournalReplay(IFileSystem files, string directory, ILogger logger)
{
    private readonly List<Found> _found = [];
    private long _writtenBytes;
    private int _entriesCount;

    private readonly record struct Found(JournalEntry Entry, string Name, byte[] Half, int DataAt, int DataBytes);

    /// <exception cref="LogCorruptException">The journal's header is damaged.</exception>
    /// <exception cref="DiskException">The disk failed or is full: the directory cannot be opened.</exception>
    public void Run()
    {
        string path = Path.Combine(directory, CommitJournal.FileName);
        if (!files.FileExists(path))
            return;
        using (IFile file = files.Open(path, FileOpenMode.Read))
        {
            if (JournalHeader.Read(file) is not { } header)
                return;
            Collect(file, header, JournalHeader.BlockBytes);
            Collect(file, header, JournalHeader.BlockBytes + (long)header.HalfBytes);
        }
        _found.Sort((left, right) => left.Entry.Sequence.CompareTo(right.Entry.Sequence));
        int logsCount = 0;
        foreach (IGrouping<string, Found> log in _found.GroupBy(found => found.Name))
            logsCount += TryApply(log.Key, [.. log]) ? 1 : 0;
        if (logsCount > 0)
        {
            logger.LogInformation(
                "Replayed the commit journal of {Path}: {Entries} entries, {Bytes} bytes, {Logs} logs",
                directory, _entriesCount, _writtenBytes, logsCount);
        }
    }

    // Entries follow each other with rising sequence numbers; what is left of an earlier time does not. The one that
    // starts a half names no log, so nothing is done about it.
    private void Collect(IFile file, in JournalHeader header, long position)
    {
        byte[] half = new byte[Math.Clamp(file.Length - position, 0, header.HalfBytes)];
        int length = file.Read(position, half);
        long sequence = 0;
        int at = 0;
        while (JournalEntry.TryRead(half.AsSpan(at, length - at), out JournalEntry entry, out string name, out ReadOnlySpan<byte> data, out int size)
            && entry.Generation == header.Generation
            && entry.Sequence > sequence)
        {
            _found.Add(new Found(entry, name, half, at + size - data.Length, data.Length));
            sequence = entry.Sequence;
            at += size;
        }
    }

    private bool TryApply(string name, List<Found> entries)
    {
        string path = Path.Combine(directory, name);
        if (!TopicPartition.TryParse(name, out _) || !files.DirectoryExists(path))
            return false;
        Guid topicId = new PartitionMetadataFile(files, path).Read() ?? Guid.Empty;
        long newest = NewestSegment(path);
        int from = entries.FindLastIndex(found => found.Entry.Kind == JournalEntryKind.Forget && found.Entry.TopicId == topicId) + 1;
        List<Found> wanted = entries[from..].FindAll(found =>
            found.Entry.Kind == JournalEntryKind.Data && found.Entry.TopicId == topicId && found.Entry.SegmentBaseOffset == newest);
        if (wanted.Count == 0)
            return false;
        using IFile file = files.Open(SegmentNames.PathOf(path, newest, SegmentNames.Log), FileOpenMode.ReadWrite);
        foreach (Found found in wanted)
        {
            file.Write(found.Entry.Position, found.Half.AsSpan(found.DataAt, found.DataBytes));
            _writtenBytes += found.DataBytes;
        }
        file.FlushData();
        _entriesCount += wanted.Count;
        return true;
    }

    private long NewestSegment(string path)
    {
        long newest = -1;
        foreach (string name in files.ListFiles(path))
        {
            if (SegmentNames.TryParse(name, SegmentNames.Log, out long offset))
                newest = Math.Max(newest, offset);
        }
        return newest;
    }
}
