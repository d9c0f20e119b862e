using FastLog.Protocol;

namespace FastLog.Client;

/// <summary>What is done with a batch after its request came back.</summary>
internal enum Verdict
{
    /// <summary>It is stored.</summary>
    Delivered,

    /// <summary>It is sent again as it is.</summary>
    Retry,

    /// <summary>It is sent again under a new sequence number: the broker said that it is not stored.</summary>
    RetryWithNewSequence,

    /// <summary>It is given up.</summary>
    Fail,
}

/// <summary>What is known when a batch comes back.</summary>
/// <param name="Error">The broker's answer, or <see cref="ErrorCode.NetworkException"/> without one.</param>
/// <param name="HasSequence">It was sent under a producer id.</param>
/// <param name="HasEarlierUnresolved">Batches before it, of the same epoch, have no final answer yet. Only looked at when
/// the error says that the batch is out of order.</param>
/// <param name="HasEarlierFailed">A batch before it, of the same epoch, was given up.</param>
/// <param name="IsExpired">Its delivery timeout has passed.</param>
internal readonly record struct BatchOutcome(
    ErrorCode Error,
    bool HasSequence,
    bool HasEarlierUnresolved,
    bool HasEarlierFailed,
    bool IsExpired);

/// <summary>
/// The rules of retrying. A batch keeps its sequence number until the broker has said that it is not stored; only then
/// may it get another, so that nothing is stored twice.
/// </summary>
internal static class DeliveryRules
{
    public static Verdict Judge(in BatchOutcome outcome) => outcome.Error switch
    {
        ErrorCode.None => Verdict.Delivered,

        // Stored before, so long ago that the broker no longer knows the offset.
        ErrorCode.DuplicateSequenceNumber => Verdict.Delivered,
        _ when outcome.HasSequence && IsOutOfOrder(outcome.Error) => JudgeOutOfOrder(outcome),
        _ when !outcome.Error.IsRetriable() || outcome.IsExpired => Verdict.Fail,
        _ => Verdict.Retry,
    };

    /// <summary>Whether an answer says that a batch does not follow the last one that the broker knows of.</summary>
    public static bool IsOutOfOrder(ErrorCode error) =>
        error is ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId;

    private static Verdict JudgeOutOfOrder(in BatchOutcome outcome)
    {
        if (outcome.IsExpired)
        {
            return Verdict.Fail;
        }

        // Expected while a batch before this one is being retried, or after one was given up. Otherwise the broker has
        // lost records that it acknowledged, and the caller must hear of it.
        return outcome.HasEarlierUnresolved ? Verdict.Retry
            : outcome.HasEarlierFailed ? Verdict.RetryWithNewSequence
            : Verdict.Fail;
    }
}
