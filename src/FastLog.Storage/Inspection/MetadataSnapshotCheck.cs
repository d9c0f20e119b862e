using FastLog.Records;

namespace FastLog.Storage.Inspection;

/// <summary>Checks a snapshot of a metadata log: sound batches between a snapshot's header and its footer (KIP-630).</summary>
internal sealed class MetadataSnapshotCheck(IFileSystem files, string path, FindingSink sink, RecordsCheck records)
{
    public void Run()
    {
        using BatchFileReader batches = new(files, path);
        long next = 0;
        ControlRecordType? first = null;
        ControlRecordType? last = null;
        while (batches.MoveNext())
        {
            sink.Summary.BatchesCount++;
            if (!batches.IsCrcValid)
            {
                sink.Error(path, batches.Position, "the CRC is wrong");
                return;
            }
            if (batches.Header.BaseOffset != next)
                sink.Error(path, batches.Position, $"base offset {batches.Header.BaseOffset} where {next} was due");
            next = batches.Header.NextOffset;
            first ??= FirstControl(batches);
            records.OnBatch(batches);
            last = records.ControlType;
        }
        sink.Summary.SizeInBytes += batches.SizeInBytes;
        if (batches.Problem is not null)
            sink.Error(path, batches.NextPosition, batches.Problem);
        else if (first != ControlRecordType.SnapshotHeader || last != ControlRecordType.SnapshotFooter)
            sink.Error(path, -1, "does not begin with a snapshot's header or does not end with its footer");
    }

    private static ControlRecordType? FirstControl(BatchFileReader batches)
    {
        if (!batches.Header.IsControl)
            return null;
        RecordEnumerator enumerator = new RecordBatchView(batches.Batch.Span).GetEnumerator();
        return enumerator.MoveNext() && ControlRecord.TryReadKey(enumerator.Current.Key, out ControlRecordType type) ? type : null;
    }
}
