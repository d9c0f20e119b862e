namespace FastLog.Storage;

/// <summary>The answer to "where did this leader epoch end".</summary>
/// <param name="Epoch">The largest epoch at or below the asked one, -1 when not known.</param>
/// <param name="EndOffset">Where that epoch ended (exclusive), -1 when not known.</param>
public readonly record struct EpochEndOffset(int Epoch, long EndOffset)
{
    /// <summary>Nothing is known about the epoch.</summary>
    public static EpochEndOffset Undefined { get; } = new(-1, -1);
}

/// <summary>One entry of leader-epoch-checkpoint.</summary>
/// <param name="Epoch">The leader epoch.</param>
/// <param name="StartOffset">The first offset of that epoch.</param>
public readonly record struct EpochEntry(int Epoch, long StartOffset);
