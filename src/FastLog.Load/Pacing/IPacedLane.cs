namespace FastLog.Load.Pacing;

/// <summary>One client of an open loop, which tells it when to send.</summary>
internal interface IPacedLane
{
    /// <summary>Sends the next record, or hands it to who does.</summary>
    /// <param name="intendedNs">From when its latency counts.</param>
    /// <param name="timestampMs">Now, in ms since 1970.</param>
    /// <returns>False when there is no room; the same record is tried again later.</returns>
    bool TryAppend(long intendedNs, long timestampMs);
}
