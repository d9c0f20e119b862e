namespace FastLog.Storage.Inspection;

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing, and as it should be: leftovers that the next start removes.</summary>
    Note,

    /// <summary>What an unclean stop, or a broker at work, leaves: recovery puts it right without losing what was synced.</summary>
    Warning,

    /// <summary>Damage.</summary>
    Error,
}

/// <summary>Something that a verification found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Path">The file, or the directory.</param>
/// <param name="Position">Where in the file in bytes; -1 when it is the file as a whole.</param>
/// <param name="Problem">What is wrong, in one line.</param>
public sealed record Finding(FindingSeverity Severity, string Path, long Position, string Problem);

/// <summary>What a verification went through, and how much it found.</summary>
public sealed class VerificationSummary
{
    /// <summary>Partitions' directories.</summary>
    public long PartitionsCount { get; internal set; }

    /// <summary>Segments.</summary>
    public long SegmentsCount { get; internal set; }

    /// <summary>Batches, metadata snapshots' included.</summary>
    public long BatchesCount { get; internal set; }

    /// <summary>Records decoded.</summary>
    public long RecordsCount { get; internal set; }

    /// <summary>Bytes of batches.</summary>
    public long SizeInBytes { get; internal set; }

    /// <summary>Findings of <see cref="FindingSeverity.Error"/>.</summary>
    public long ErrorsCount { get; internal set; }

    /// <summary>Findings of <see cref="FindingSeverity.Warning"/>.</summary>
    public long WarningsCount { get; internal set; }

    /// <summary>Findings of <see cref="FindingSeverity.Note"/>.</summary>
    public long NotesCount { get; internal set; }

    /// <summary>Nothing is damaged.</summary>
    public bool IsSound => ErrorsCount == 0;

    internal void Add(VerificationSummary other)
    {
        PartitionsCount += other.PartitionsCount;
        SegmentsCount += other.SegmentsCount;
        BatchesCount += other.BatchesCount;
        RecordsCount += other.RecordsCount;
        SizeInBytes += other.SizeInBytes;
        ErrorsCount += other.ErrorsCount;
        WarningsCount += other.WarningsCount;
        NotesCount += other.NotesCount;
    }
}
