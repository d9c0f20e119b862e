namespace FastLog.Storage;

/// <summary>
/// One group commit: decides what goes through the journal and what is synced in its own file, and does both. A single
/// log is synced where it is, and so is one with much to sync: a second copy would buy nothing. Two and more small ones
/// share one sync, however many they are. Used by one thread at a time; allocates nothing once its lists have grown.
/// </summary>
internal sealed class CommitRound(CommitJournal? journal)
{
    private const int JournaledLogsMin = 2;

    private PendingFlush[] _small = [];
    private PendingFlush[] _large = [];
    private int _smallCount;
    private int _largeCount;

    /// <exception cref="DiskException">A sync failed; the directory must go offline.</exception>
    public void Commit(List<PartitionLog> logs)
    {
        Sort(logs);
        try
        {
            Span<PendingFlush> small = _small.AsSpan(0, _smallCount);
            if (_smallCount >= JournaledLogsMin && journal is not null && journal.TryCommit(small))
            {
                foreach (ref readonly PendingFlush flush in small)
                    flush.Log.CompleteFlush(flush, isInFile: false);
            }
            else
            {
                SyncFiles(small);
            }
            SyncFiles(_large.AsSpan(0, _largeCount));
        }
        finally
        {
            _small.AsSpan(0, _smallCount).Clear();
            _large.AsSpan(0, _largeCount).Clear();
        }
    }

    private void Sort(List<PartitionLog> logs)
    {
        if (_small.Length < logs.Count)
        {
            _small = new PendingFlush[logs.Capacity];
            _large = new PendingFlush[logs.Capacity];
        }
        _smallCount = _largeCount = 0;
        foreach (PartitionLog log in logs)
        {
            if (!log.TryBeginFlush(out PendingFlush flush))
                continue;
            if (flush.FitsJournal(CommitJournal.DataBytesMax))
                _small[_smallCount++] = flush;
            else
                _large[_largeCount++] = flush;
        }
    }

    private static void SyncFiles(Span<PendingFlush> flushes)
    {
        foreach (ref PendingFlush flush in flushes)
        {
            flush.IsCommitted = flush.Log.TrySync(flush);
            flush.Log.CompleteFlush(flush, isInFile: true);
        }
    }
}
