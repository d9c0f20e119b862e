namespace FastLog.Client;

/// <summary>What was asked of one partition: an answer that finds the partition elsewhere is dropped.</summary>
internal readonly record struct FetchAsk(AssignedPartition Partition, int Generation, long Offset)
{
    public bool IsCurrent => Partition.Generation == Generation && Partition.FetchOffset == Offset;
}

/// <summary>Where a consumer is in one partition. Guarded by the consumer's lock.</summary>
internal sealed class AssignedPartition(TopicAndPartition name, PartitionProgress? progress)
{
    private const long Unknown = -1;

    // What the reader has and has not given back, in the order of offsets.
    private readonly List<FetchedRecords> _lent = [];

    public TopicAndPartition Name => name;

    /// <summary>What to commit, when there is a group to commit for.</summary>
    public PartitionProgress? Progress => progress;

    /// <summary>Starts at what the group has committed, as long as that has to be asked for.</summary>
    public bool NeedsCommitted { get; private set; }

    public Guid TopicId { get; set; }

    /// <summary>The broker to fetch from, or -1.</summary>
    public int LeaderId { get; set; } = -1;

    public int LeaderEpoch { get; set; } = -1;

    /// <summary>Grows with every jump: what was fetched before it is dropped.</summary>
    public int Generation { get; private set; }

    /// <summary>Where to start, as long as the offset has to be asked for.</summary>
    public StartPosition? Start { get; private set; }

    /// <summary>The next offset to fetch.</summary>
    public long FetchOffset { get; private set; } = Unknown;

    /// <summary>The offset after the last record that was handed to the reader, or -1 when not known yet.</summary>
    public long Position { get; private set; } = Unknown;

    /// <summary><see cref="Position"/>, or the first record before it of which the reader says that it is not taken.</summary>
    public long Taken
    {
        get
        {
            foreach (FetchedRecords records in _lent)
            {
                if (records.IsPartlyTaken)
                {
                    return records.TakenUntil;
                }
            }

            return Position;
        }
    }

    /// <summary>The leader epoch of the record before <see cref="Position"/>, or -1.</summary>
    public int PositionEpoch { get; private set; } = -1;

    /// <summary>The end as of the last fetch, or -1.</summary>
    public long HighWatermark { get; set; } = Unknown;

    public bool IsPaused { get; private set; }

    /// <summary>Reading failed for good; a jump makes it go on.</summary>
    public bool HasFailed { get; set; }

    /// <summary>No fetch before this timestamp of the clock, after a failure.</summary>
    public long NotBefore { get; set; }

    public int Failures { get; set; }

    public void JumpTo(StartPosition start, int leaderEpoch = -1)
    {
        Generation++;
        _lent.Clear();
        HasFailed = false;
        NeedsCommitted = false;
        Start = start.Offset is null ? start : null;
        FetchOffset = start.Offset ?? Unknown;
        Position = FetchOffset;
        PositionEpoch = leaderEpoch;
        progress?.MoveTo(Position, leaderEpoch);
    }

    /// <summary>Goes to what the group has committed, once that is known.</summary>
    public void JumpToCommitted()
    {
        JumpTo(StartPosition.Latest);
        Start = null;
        NeedsCommitted = true;
    }

    /// <summary>Goes back to an offset among those handed out; what was fetched behind it is dropped.</summary>
    public void CutBackTo(long offset)
    {
        Generation++;
        Start = null;
        FetchOffset = offset;
        Position = offset;
    }

    /// <summary>Lent records come back; true when reading goes back to those of them that were not taken.</summary>
    public bool TakeBack(FetchedRecords records)
    {
        int index = _lent.IndexOf(records);
        if (index < 0)
        {
            // Reading was moved elsewhere meanwhile.
            return false;
        }

        bool isCut = records.IsPartlyTaken;
        _lent.RemoveRange(index, isCut ? _lent.Count - index : 1);
        if (isCut)
        {
            CutBackTo(records.TakenUntil);
        }

        return isCut;
    }

    /// <summary>The log no longer has what comes next. What was fetched before is still good and stays.</summary>
    public void ResetTo(StartPosition start)
    {
        Start = start;
        FetchOffset = Unknown;
    }

    /// <summary>The offset that was asked for came.</summary>
    public void Resolve(long offset)
    {
        Start = null;
        FetchOffset = offset;
        if (Position == Unknown)
        {
            Position = offset;
            progress?.MoveTo(offset, PositionEpoch);
        }
    }

    public void Pause()
    {
        IsPaused = true;
        // What was fetched ahead is dropped, and fetched again after the pause.
        Generation++;
        FetchOffset = Position;
        Start = Position == Unknown ? Start : null;
    }

    public void Resume() => IsPaused = false;

    public bool IsFetchableFrom(int nodeId, long now) =>
        LeaderId == nodeId && !IsPaused && !HasFailed && Start is null && FetchOffset >= 0 && now >= NotBefore;

    public void OnFetched(long nextOffset) => FetchOffset = nextOffset;

    public void OnDelivered(FetchedRecords records)
    {
        _lent.Add(records);
        Position = records.NextOffset;
        PositionEpoch = records.LeaderEpoch;
    }
}
