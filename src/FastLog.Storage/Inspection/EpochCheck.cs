using FastLog.Records;

namespace FastLog.Storage.Inspection;

/// <summary>Holds the batches' leader epochs against each other and against leader-epoch-checkpoint.</summary>
internal sealed class EpochCheck(string path, IReadOnlyList<EpochEntry> entries, PartitionFacts facts, FindingSink sink)
{
    private int _latest = RecordBatchHeader.NoPartitionLeaderEpoch;
    private int _told = RecordBatchHeader.NoPartitionLeaderEpoch;

    public static EpochCheck Open(IFileSystem files, string directory, PartitionFacts facts, FindingSink sink)
    {
        List<EpochEntry> entries = [];
        try
        {
            entries = new LeaderEpochFile(files, directory).Read();
        }
        catch (CheckpointFormatException exception)
        {
            sink.Error(exception.Path, -1, exception.Problem);
        }
        return new EpochCheck(Path.Combine(directory, LeaderEpochFile.Name), entries, facts, sink);
    }

    public void CheckOrder()
    {
        for (int i = 1; i < entries.Count; i++)
        {
            if (entries[i].Epoch <= entries[i - 1].Epoch || entries[i].StartOffset <= entries[i - 1].StartOffset)
                sink.Error(path, -1, $"epoch {entries[i].Epoch} from {entries[i].StartOffset} after epoch {entries[i - 1].Epoch} from {entries[i - 1].StartOffset}");
        }
    }

    public void OnBatch(BatchFileReader batches)
    {
        RecordBatchHeader header = batches.Header;
        int epoch = header.PartitionLeaderEpoch;
        if (epoch < 0 || epoch < _latest)
        {
            sink.Error(batches.Path, batches.Position, $"leader epoch {epoch} after {_latest}");
            return;
        }
        _latest = epoch;
        int known = EpochOf(header.LastOffset);
        // Once for all batches of an epoch.
        if (known < 0 || known == epoch || epoch == _told)
            return;
        _told = epoch;
        // The newest epochs reach the file only with the recovery point.
        bool isPending = !facts.IsClean && header.LastOffset >= facts.RecoveryPoint && epoch > known;
        sink.Add(
            isPending ? FindingSeverity.Warning : FindingSeverity.Error,
            batches.Path,
            batches.Position,
            $"leader epoch {epoch} where leader-epoch-checkpoint says {known}");
    }

    public void OnEnd(long logEndOffset)
    {
        foreach (EpochEntry entry in entries)
        {
            if (entry.StartOffset > logEndOffset)
                sink.Error(path, -1, $"epoch {entry.Epoch} starts at {entry.StartOffset}, behind the log's end {logEndOffset}");
        }
    }

    private int EpochOf(long offset)
    {
        int epoch = RecordBatchHeader.NoPartitionLeaderEpoch;
        foreach (EpochEntry entry in entries)
        {
            if (entry.StartOffset > offset)
                break;
            epoch = entry.Epoch;
        }
        return epoch;
    }
}
