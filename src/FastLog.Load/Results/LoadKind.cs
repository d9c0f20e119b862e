namespace FastLog.Load.Results;

/// <summary>What a load did.</summary>
public enum LoadKind
{
    /// <summary>Records were stored.</summary>
    Produce,

    /// <summary>Records were read.</summary>
    Consume,

    /// <summary>Records were stored at a rate and read as they came; what counts is how long that took.</summary>
    EndToEnd,

    /// <summary>Old records were read from the start while new ones were stored.</summary>
    Mixed,

    /// <summary>Records were sent to a sink that only acknowledges: what the generator can do at best.</summary>
    Ceiling,

    /// <summary>Groups committed offsets.</summary>
    Commits,

    /// <summary>Groups with members were at rest, their heartbeats running.</summary>
    Groups,
}
