using FastLog.Records;

namespace FastLog.Storage;

/// <summary>
/// One segment: its log file and indexes, and how far they reach. The log's writer is the only one that changes it;
/// readers take <see cref="Tail"/>, which tells next offset and size of one and the same moment. A cut makes a new
/// object over the same files, so whoever still holds the old one never mixes old positions with new bytes.
/// Whoever touches <see cref="Log"/>'s file or an index holds a reference to <see cref="Log"/> meanwhile.
/// </summary>
internal sealed class LogSegment
{
    private const int DamagesMax = 100;

    private long _tail;
    private PositionHints? _hints;
    private VerifiedBytes? _verified;
    private HashSet<int>? _damages;
    private bool _isReady;

    public LogSegment(long baseOffset, SegmentFile log, long createdMs)
    {
        BaseOffset = baseOffset;
        Log = log;
        CreatedMs = createdMs;
    }

    public long BaseOffset { get; }

    public SegmentFile Log { get; }

    public OffsetIndex Index => Log.Index;

    public TimeIndex TimeIndex => Log.TimeIndex;

    public TransactionIndex Transactions => Log.Transactions;

    /// <summary>
    /// The indexes were looked at and the times are known. A segment found at start is not until it is used: see
    /// <see cref="SegmentReadying"/>.
    /// </summary>
    public bool IsReady
    {
        get => Volatile.Read(ref _isReady);
        set => Volatile.Write(ref _isReady, value);
    }

    /// <summary>When the segment was made or opened: the age of one whose records carry no timestamps.</summary>
    public long CreatedMs { get; }

    /// <summary>Largest timestamp of the records, -1 for none.</summary>
    public long MaxTimestampMs { get; set; } = RecordBatchHeader.NoTimestamp;

    /// <summary>Last offset of the batch that brought <see cref="MaxTimestampMs"/>.</summary>
    public long MaxTimestampOffset { get; set; } = -1;

    /// <summary>Largest timestamp of the first batch, -1 for none: rolling by time counts from it.</summary>
    public long FirstTimestampMs { get; set; } = RecordBatchHeader.NoTimestamp;

    /// <summary>
    /// Nothing of a segment that takes no more appends is left to sync. Set by whoever synced it, never while it is not so
    /// of a segment before, and never taken back.
    /// </summary>
    public bool IsSealedAndSynced { get; set; }

    /// <summary>Bytes from here on were written or checked by this process; what lies before is checked when it is read.</summary>
    public int SoundFrom { get; set; }

    /// <summary>Bytes appended since the last index entry.</summary>
    public int BytesSinceIndexEntry { get; set; }

    /// <summary>The next offset and the size in bytes, of one moment.</summary>
    public (long NextOffset, int SizeInBytes) Tail
    {
        get
        {
            long tail = Volatile.Read(ref _tail);
            return (BaseOffset + (tail >>> 32), (int)(tail & int.MaxValue));
        }
    }

    public long NextOffset => Tail.NextOffset;

    public int SizeInBytes => Tail.SizeInBytes;

    /// <summary>Remembered positions; made at first use, so that an idle segment has none.</summary>
    public PositionHints Hints => Volatile.Read(ref _hints) ?? MakeHints();

    /// <summary>Whether all batches of the range are known to be as they were written.</summary>
    public bool IsVerified(int start, int end) => start >= SoundFrom || Verified.Contains(start, end);

    /// <summary>The batches of the range were checked.</summary>
    public void NoteVerified(int start, int end) => Verified.Add(start, end);

    /// <summary>True once for each damaged place, for a few of them: it is to be reported.</summary>
    public bool IsNewDamage(int position)
    {
        lock (Log)
        {
            _damages ??= [];
            return _damages.Count < DamagesMax && _damages.Add(position);
        }
    }

    public uint Relative(long offset) => checked((uint)(offset - BaseOffset));

    /// <summary>Whether the offset lies in the range that positions of this segment are kept for.</summary>
    public bool Contains(long offset) => offset >= BaseOffset && offset - BaseOffset <= int.MaxValue;

    /// <summary>Shows readers what was appended. Size and offset only grow.</summary>
    public void Publish(long nextOffset, long sizeInBytes)
    {
        (long nextBefore, int sizeBefore) = Tail;
        Invariant.Check(nextOffset >= nextBefore && sizeInBytes >= sizeBefore, "a segment object never shrinks");
        Invariant.Check(nextOffset - BaseOffset <= 1L + int.MaxValue, "offsets of a segment fit its index");
        Invariant.Check(sizeInBytes <= int.MaxValue, "positions of a segment fit its index");
        Volatile.Write(ref _tail, (nextOffset - BaseOffset) << 32 | sizeInBytes);
    }

    /// <summary>The same files seen anew, as far as a cut left them.</summary>
    public LogSegment WithTail(long nextOffset, long sizeInBytes)
    {
        LogSegment cut = new(BaseOffset, Log, CreatedMs) { FirstTimestampMs = FirstTimestampMs, IsReady = true };
        // Behind the cut this process will write anew.
        cut.SoundFrom = (int)Math.Min(SoundFrom, sizeInBytes);
        cut.Publish(nextOffset, sizeInBytes);
        return cut;
    }

    /// <summary>Counts one appended batch in: timestamps, and the indexes when enough bytes went by.</summary>
    public void Account(in RecordBatchHeader header, int position, int indexIntervalBytes, bool indexesFit)
    {
        if (position == 0)
            FirstTimestampMs = header.MaxTimestamp;
        if (header.MaxTimestamp > MaxTimestampMs)
        {
            MaxTimestampMs = header.MaxTimestamp;
            MaxTimestampOffset = header.LastOffset;
        }
        if (BytesSinceIndexEntry > indexIntervalBytes && indexesFit)
        {
            AppendIndexEntries(header.LastOffset, position);
            BytesSinceIndexEntry = 0;
        }
        BytesSinceIndexEntry += (int)Math.Min(header.TotalSizeInBytes, int.MaxValue - BytesSinceIndexEntry);
    }

    /// <summary>Writes the indexes out, the last time entry included: nothing will be appended soon, or ever.</summary>
    public void StoreIndexes(bool releaseBuffers)
    {
        if (MaxTimestampMs >= 0)
            TimeIndex.AppendIfLarger(MaxTimestampMs, MaxTimestampOffset);
        Index.Store(releaseBuffers);
        TimeIndex.Store(releaseBuffers);
        Transactions.Store();
    }

    public void FlushIndexes()
    {
        Index.FlushData();
        TimeIndex.FlushData();
        Transactions.Flush();
    }

    // Entries are a help, not the truth: when the disk is too full for them, the index only gets sparser.
    private void AppendIndexEntries(long lastOffset, int position)
    {
        try
        {
            Index.Append(lastOffset, position);
            if (MaxTimestampMs >= 0)
                TimeIndex.AppendIfLarger(MaxTimestampMs, MaxTimestampOffset);
        }
        catch (DiskException failure) when (failure.IsOutOfSpace)
        {
        }
    }

    private VerifiedBytes Verified
    {
        get
        {
            if (Volatile.Read(ref _verified) is { } present)
                return present;
            VerifiedBytes made = new(SoundFrom);
            return Interlocked.CompareExchange(ref _verified, made, null) ?? made;
        }
    }

    private PositionHints MakeHints()
    {
        PositionHints made = new();
        return Interlocked.CompareExchange(ref _hints, made, null) ?? made;
    }
}
