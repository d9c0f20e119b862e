namespace FastLog.Storage.Inspection;

/// <summary>The checks of one segment's indexes, read before its log: what they point at is in the log by then.</summary>
internal sealed class SegmentCheck
{
    private readonly FindingSink _sink;
    private readonly bool _isSealed;
    private readonly bool _isLast;
    private readonly PartitionFacts _facts;

    public SegmentCheck(IFileSystem files, PartitionFiles partition, long baseOffset, bool isLast, PartitionFacts facts, FindingSink sink)
    {
        _sink = sink;
        _isLast = isLast;
        _facts = facts;
        _isSealed = !isLast || facts.IsClean;
        string path = partition.PathOf(baseOffset, SegmentNames.Index);
        EntryFileContent<OffsetIndexEntry> offsets = EntryFileReader.ReadOffsetIndex(files, path, baseOffset);
        ReportForm(files, path, offsets, isRequired: true);
        Offsets = new OffsetIndexCheck(path, offsets.Entries, sink);
        path = partition.PathOf(baseOffset, SegmentNames.TimeIndex);
        EntryFileContent<TimeIndexEntry> times = EntryFileReader.ReadTimeIndex(files, path, baseOffset);
        ReportForm(files, path, times, isRequired: true);
        Times = new TimeIndexCheck(path, times.Entries, sink);
        path = partition.PathOf(baseOffset, SegmentNames.TransactionIndex);
        EntryFileContent<TransactionIndexEntry> aborted = EntryFileReader.ReadTransactionIndex(files, path);
        ReportForm(files, path, aborted, isRequired: false);
        Aborted = new TransactionIndexCheck(path, aborted.Entries, sink);
        Offsets.CheckOrder();
        Times.CheckOrder();
        Aborted.CheckOrder();
    }

    public OffsetIndexCheck Offsets { get; }

    public TimeIndexCheck Times { get; }

    public TransactionIndexCheck Aborted { get; }

    /// <param name="sizeInBytes">Where the batches end.</param>
    /// <param name="isBroken">The log could not be read to its end.</param>
    /// <param name="isExact">No batch is missing before it.</param>
    public void OnEnd(long sizeInBytes, bool isBroken, bool isExact)
    {
        Offsets.OnEnd(sizeInBytes, isBroken);
        Times.OnEnd(isBroken, _isSealed);
        Aborted.OnEnd(isBroken, isExact);
    }

    private void ReportForm<TEntry>(IFileSystem files, string path, EntryFileContent<TEntry> content, bool isRequired)
    {
        // The newest segment's indexes are only whole after a clean stop; recovery makes them again.
        FindingSeverity severity = _isLast && !_facts.IsClean ? FindingSeverity.Warning : FindingSeverity.Error;
        if (isRequired && !files.FileExists(path))
            _sink.Add(severity, path, -1, "is missing, and will be made from the log");
        else if (content.Problem is not null)
            _sink.Add(severity, path, content.ProblemPosition, content.Problem);
    }
}
