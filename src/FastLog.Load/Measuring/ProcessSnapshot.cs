namespace FastLog.Load.Measuring;

/// <summary>What a process had used at one moment, since it started.</summary>
public sealed record ProcessSnapshot
{
    public required ProcessTimes Times { get; init; }

    /// <summary>The most memory it ever had in RAM.</summary>
    public required long PeakResidentBytes { get; init; }

    /// <summary>Bytes it caused to be written to storage; what lies in the page cache counts as soon as it is dirty.</summary>
    public required long WrittenBytes { get; init; }

    /// <summary>Bytes that came from storage for it, not from the page cache.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>By thread id; threads that have ended are not in it.</summary>
    public required IReadOnlyDictionary<int, ContextSwitches> SwitchesByThread { get; init; }
}

/// <summary>How often a thread gave way to another.</summary>
/// <param name="Voluntary">Because it had to wait.</param>
/// <param name="Involuntary">Because its time was up.</param>
public readonly record struct ContextSwitches(long Voluntary, long Involuntary);
