namespace FastLog.Storage;

/// <summary>
/// The names that a cleaned segment goes through, in an order that makes a crash at any point harmless. Each step is
/// synced before the next.
/// <list type="number">
/// <item>.cleaned: being written, then whole and synced. A start deletes it.</item>
/// <item>The indexes are called .swap, then the log file: from here on the cleaned segment counts, and a start finishes what
/// follows. A .swap without the log file's is deleted.</item>
/// <item>The replaced segments are renamed .deleted.</item>
/// <item>The indexes get their final names, then the log file.</item>
/// </list>
/// The transaction index takes part even when it is empty: without one to take its place, a start could not tell an old
/// one that was to go from a new one.
/// </summary>
internal static class SegmentSwap
{
    /// <summary>Makes the swap the one thing that a start will go on with.</summary>
    public static void Begin(SegmentStore store, long baseOffset)
    {
        foreach (string suffix in SegmentNames.PerSegment.AsSpan(1))
        {
            string path = store.PathOf(baseOffset, suffix);
            store.Files.Rename(path + SegmentNames.Cleaned, path + SegmentNames.Swap);
        }
        store.SyncDirectory();
        string log = store.PathOf(baseOffset, SegmentNames.Log);
        store.Files.Rename(log + SegmentNames.Cleaned, log + SegmentNames.Swap);
        store.SyncDirectory();
    }

    /// <summary>Gives the files their final names; the replaced segments are gone. May be done again from any point.</summary>
    public static void Finish(SegmentStore store, long baseOffset)
    {
        foreach (string suffix in SegmentNames.PerSegment.AsSpan(1))
        {
            string path = store.PathOf(baseOffset, suffix);
            if (store.Files.FileExists(path + SegmentNames.Swap))
                store.Files.Rename(path + SegmentNames.Swap, path);
        }
        string transactions = store.PathOf(baseOffset, SegmentNames.TransactionIndex);
        if (store.Files.FileExists(transactions) && store.Files.FileLength(transactions) == 0)
            store.Files.DeleteFile(transactions);
        store.SyncDirectory();
        string log = store.PathOf(baseOffset, SegmentNames.Log);
        store.Files.Rename(log + SegmentNames.Swap, log);
        store.SyncDirectory();
    }

    /// <summary>Takes away what was written, before <see cref="Begin"/> ended.</summary>
    public static void GiveUp(SegmentStore store, long baseOffset)
    {
        store.DeleteFiles(baseOffset, SegmentNames.Cleaned);
        store.DeleteFiles(baseOffset, SegmentNames.Swap);
    }
}
