using FastLog.Records;

namespace FastLog.Storage;

/// <summary>Files that a stop in the middle of something left in a log's directory.</summary>
internal static class LeftoverFiles
{
    /// <summary>Finishes the swap of compacted segments, then removes what nobody will use again.</summary>
    /// <param name="store">The log's files.</param>
    /// <param name="isChanged">Whether anything had to be done.</param>
    /// <returns>The names of all files that are left.</returns>
    public static HashSet<string> PutRight(SegmentStore store, out bool isChanged)
    {
        HashSet<string> names = [.. store.Files.ListFiles(store.Directory)];
        isChanged = FinishSwaps(store, names);
        if (isChanged)
            names = [.. store.Files.ListFiles(store.Directory)];
        foreach (string name in names)
        {
            if (!IsUseless(name) && !IsIndexWithoutLog(name, names))
                continue;
            store.Files.DeleteFile(Path.Combine(store.Directory, name));
            names.Remove(name);
            isChanged = true;
        }
        return names;
    }

    private static bool IsUseless(string name) =>
        name.EndsWith(SegmentNames.Deleted, StringComparison.Ordinal)
        || name.EndsWith(SegmentNames.Cleaned, StringComparison.Ordinal)
        || name.EndsWith(SegmentNames.Swap, StringComparison.Ordinal)
        || name.EndsWith(AtomicFile.TemporarySuffix, StringComparison.Ordinal);

    private static bool IsIndexWithoutLog(string name, HashSet<string> names)
    {
        foreach (string suffix in SegmentNames.PerSegment)
        {
            if (SegmentNames.TryParse(name, suffix, out long offset))
                return !names.Contains(SegmentNames.Of(offset, SegmentNames.Log));
        }
        return false;
    }

    // A segment's swap began when its log file was called .swap, and the files beside it were before: see SegmentSwap. The
    // segments it replaces may or may not be gone yet. It reaches as far as the last of them did, having its last batch.
    private static bool FinishSwaps(SegmentStore store, HashSet<string> names)
    {
        string suffix = SegmentNames.Log + SegmentNames.Swap;
        bool isChanged = false;
        foreach (string name in names)
        {
            if (!SegmentNames.TryParse(name, suffix, out long baseOffset))
                continue;
            long nextOffset = EndOf(store, Path.Combine(store.Directory, name), baseOffset);
            foreach (string other in store.Files.ListFiles(store.Directory))
            {
                if (SegmentNames.TryParse(other, SegmentNames.Log, out long offset) && offset >= baseOffset && offset < nextOffset)
                    store.DeleteFiles(offset);
            }
            store.SyncDirectory();
            SegmentSwap.Finish(store, baseOffset);
            isChanged = true;
        }
        return isChanged;
    }

    private static long EndOf(SegmentStore store, string path, long baseOffset)
    {
        using IFile file = store.Files.Open(path, FileOpenMode.Read);
        BatchScanner scanner = new(file, stackalloc byte[BatchScanner.WindowBytes], 0, file.Length);
        long nextOffset = baseOffset + 1;
        while (scanner.MoveNext())
            nextOffset = scanner.Header.NextOffset;
        return nextOffset;
    }
}
