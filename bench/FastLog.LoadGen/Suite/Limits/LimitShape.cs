using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Limits;

/// <summary>The sizes that probes move. Scenarios with the same shape have the same limits.</summary>
/// <param name="SentBytes">The size of a message, which is that of a write where there is one.</param>
/// <param name="AnswerBytes">The size of its answer.</param>
/// <param name="ValueBytes">Bytes of values in a message, or in an answer where that carries them.</param>
/// <param name="OnTheWayMax">Messages without an answer; as many writes are waiting for one sync.</param>
/// <param name="IsWritten">Whether messages are written to disk.</param>
/// <param name="IsSynced">Whether an answer waits for fdatasync.</param>
internal sealed record LimitShape(
    int SentBytes, int AnswerBytes, int ValueBytes, int OnTheWayMax, bool IsWritten, bool IsSynced)
{
    private const int SmallMessageBytes = 100;

    /// <summary>What a record takes in a batch beyond its value.</summary>
    private const int RecordOverheadBytes = 8;

    /// <summary>Null where nothing is moved.</summary>
    public static LimitShape? Of(LoadShape load)
    {
        if (!load.IsLoad)
        {
            return null;
        }

        int valueBytes = load.IsRecordPerRequest || load.Rate is not null
            ? load.RecordSizeBytes
            : (int)((long)load.WriteBytes * load.RecordSizeBytes / (load.RecordSizeBytes + RecordOverheadBytes));
        return load.Type == LoadType.Consume
            ? new LimitShape(SmallMessageBytes, load.WriteBytes, valueBytes, load.InFlightMax, IsWritten: false, IsSynced: false)
            : new LimitShape(load.WriteBytes, SmallMessageBytes, valueBytes, load.WritesPerSync, IsWritten: true, load.IsFsync);
    }
}
