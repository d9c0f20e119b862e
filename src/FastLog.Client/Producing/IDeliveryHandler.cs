using FastLog.Protocol;

namespace FastLog.Client;

/// <summary>Hears what became of the records of one producer, a batch at a time, without an allocation.</summary>
public interface IDeliveryHandler
{
    /// <summary>
    /// A batch was acknowledged, or given up. Called once for every batch, on the thread that received the response:
    /// it must be quick, must not block, and must not throw. Batches of one partition come in their order.
    /// </summary>
    /// <remarks>
    /// It may append further records, which leave together with others that are appended while responses are handed out.
    /// So a producer that goes on from its own reports needs no thread, and many of them share the few of the runtime.
    /// </remarks>
    void OnDelivered(in DeliveryReport report);
}

/// <summary>What became of one batch; valid only during the call that shows it.</summary>
public readonly ref struct DeliveryReport
{
    /// <summary>The topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The partition.</summary>
    public required int Partition { get; init; }

    /// <summary><see cref="ErrorCode.None"/> when stored. After <see cref="ErrorCode.RequestTimedOut"/> or
    /// <see cref="ErrorCode.NetworkException"/> the records may be stored or not.</summary>
    public required ErrorCode ErrorCode { get; init; }

    /// <summary>What the broker says about the error, if it does.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>The offset of the first record; the others follow without a gap. -1 when not known (acks=0, or an
    /// error).</summary>
    public required long BaseOffset { get; init; }

    /// <summary>The time the broker gave the records, in ms, or -1 when they keep their own.</summary>
    public required long LogAppendTimeMs { get; init; }

    /// <summary>The token that each record was appended with, in order; as many as there are records.</summary>
    public required ReadOnlySpan<long> Tokens { get; init; }

    /// <summary>The size of the batch as it was sent, in bytes.</summary>
    public required int SizeInBytes { get; init; }

    /// <summary>How many records the batch has.</summary>
    public int RecordsCount => Tokens.Length;
}
