namespace FastLog.Storage;

/// <summary>What is known of a log before it is opened.</summary>
/// <param name="RecoveryPoint">All below was synced, so the checkpoint says; 0 when it says nothing.</param>
/// <param name="LogStartOffset">The checkpointed log start; 0 when there is none.</param>
/// <param name="IsClean">The directory was shut down cleanly.</param>
internal readonly record struct LoadRequest(long RecoveryPoint, long LogStartOffset, bool IsClean);

/// <summary>A log as it was found and put right; everything in it is synced.</summary>
internal sealed class LoadedLog
{
    public required LogSegment[] Segments { get; init; }

    public required LeaderEpochCache Epochs { get; init; }

    public required ProducerStateTable Producers { get; init; }

    public required long LogStartOffset { get; init; }

    public required long LogEndOffset { get; init; }

    /// <summary>The directory holds all that a clean stop would leave.</summary>
    public required bool IsStored { get; init; }

    /// <summary>Bytes that recovery walked over.</summary>
    public required long ScannedBytes { get; init; }

    /// <summary>Bytes behind the last sound batch that recovery cut.</summary>
    public required long CutBytes { get; init; }
}
