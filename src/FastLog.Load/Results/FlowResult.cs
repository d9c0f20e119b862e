namespace FastLog.Load.Results;

/// <summary>One direction of a load: what was stored, or what was read.</summary>
public sealed record FlowResult
{
    /// <summary>Producers or consumers, each with connections of its own.</summary>
    public required int ClientsCount { get; init; }

    /// <summary>Records acknowledged or read.</summary>
    public required long RecordsCount { get; init; }

    /// <summary>Bytes of their values.</summary>
    public required long BytesCount { get; init; }

    /// <summary>Batches they were acknowledged in; of records read, how often a fetch brought some of a partition.
    /// </summary>
    /// <remarks>A produce request carries one batch of a partition, and batches of several partitions where a producer
    /// has more than one: with one partition a producer, and with one record a request, it is the number of requests.</remarks>
    public required long BatchesCount { get; init; }

    /// <summary>From the start of the clock to the last record of this direction.</summary>
    public required double Seconds { get; init; }

    /// <summary>Records acknowledged or read a second.</summary>
    public double RecordsPerSecond => Seconds > 0 ? RecordsCount / Seconds : 0;

    /// <summary>Megabytes (10^6) of values a second.</summary>
    public double MegabytesPerSecond => Seconds > 0 ? BytesCount / 1e6 / Seconds : 0;

    /// <summary>Batches a second.</summary>
    public double BatchesPerSecond => Seconds > 0 ? BatchesCount / Seconds : 0;
}
