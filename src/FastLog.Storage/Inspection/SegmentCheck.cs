namespace FastLog.Storage.Inspection;

/// <summary>The checks of one segment's indexes, read before its log: what they point at is in the log by then.</summary>
internal sealed class SegmentCheck
{
    private readonly FindingSink _sink;
    private readonly bool _isSealed;
    private readonly bool _isLast;
    private readonly PartitionFacts _facts;
    private readonly List<string> _missing = [];

    public SegmentCheck(IFileSystem files, PartitionFiles partition, long baseOffset, bool isLast, PartitionFacts facts, FindingSink sink)
    {
        _sink = sink;
        _isLast = isLast;
        _facts = facts;
        _isSealed = !isLast || facts.IsClean;
        string path = partition.PathOf(baseOffset, SegmentNames.Index);
        EntryFileContent<OffsetIndexEntry> offsets = EntryFileReader.ReadOffsetIndex(files, path, baseOffset);
        ReportForm(path, offsets);
        NoteMissing(files, path);
        Offsets = new OffsetIndexCheck(path, offsets.Entries, sink);
        path = partition.PathOf(baseOffset, SegmentNames.TimeIndex);
        EntryFileContent<TimeIndexEntry> times = EntryFileReader.ReadTimeIndex(files, path, baseOffset);
        ReportForm(path, times);
        NoteMissing(files, path);
        Times = new TimeIndexCheck(path, times.Entries, sink);
        path = partition.PathOf(baseOffset, SegmentNames.TransactionIndex);
        EntryFileContent<TransactionIndexEntry> aborted = EntryFileReader.ReadTransactionIndex(files, path);
        ReportForm(path, aborted);
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
        // Without batches there is nothing to index, and the files may not have been made yet.
        foreach (string path in _missing.Where(_ => sizeInBytes > 0))
            _sink.Warning(path, -1, "is missing, and will be made from the log");
        Offsets.OnEnd(sizeInBytes, isBroken);
        Times.OnEnd(isBroken, _isSealed && !_missing.Contains(Times.Path));
        Aborted.OnEnd(isBroken, isExact);
    }

    private void ReportForm<TEntry>(string path, EntryFileContent<TEntry> content)
    {
        // The newest segment's indexes are only whole after a clean stop; recovery makes them again.
        FindingSeverity severity = _isLast && !_facts.IsClean ? FindingSeverity.Warning : FindingSeverity.Error;
        if (content.Problem is not null)
            _sink.Add(severity, path, content.ProblemPosition, content.Problem);
    }

    private void NoteMissing(IFileSystem files, string path)
    {
        if (!files.FileExists(path))
            _missing.Add(path);
    }
}
