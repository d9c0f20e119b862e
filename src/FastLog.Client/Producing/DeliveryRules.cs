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
/// <param name="HasEarlierUnresolved">Batches before it, of the same epoch, have no final answer yet.</param>
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

        ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId when outcome.HasSequence =>
            JudgeOutOfOrder(outcome),

        _ when !outcome.Error.IsRetriable() || outcome.IsExpired => Verdict.Fail,
        _ => Verdict.Retry,
    };

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
