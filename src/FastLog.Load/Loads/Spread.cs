namespace FastLog.Load.Loads;

/// <summary>How a producer's records are spread over partitions.</summary>
public enum Spread
{
    /// <summary>Record by record over all partitions in turn: every partition's batch fills at the same pace, as keyed
    /// records do. The hardest case for a broker.</summary>
    RoundRobin,

    /// <summary>As the client does for records without keys: batch by batch.</summary>
    Sticky,

    /// <summary>Every producer has one partition: the first the first, and so on, beginning again after the last.</summary>
    Own,

    /// <summary>The key decides, as the client does for records with keys.</summary>
    ByKey,
}
