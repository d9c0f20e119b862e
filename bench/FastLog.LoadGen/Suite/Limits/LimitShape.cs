using FastLog.LoadGen.Suite.Scenarios;

namespace FastLog.LoadGen.Suite.Limits;

/// <summary>The sizes that probes move.</summary>
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

    /// <summary>What a batch takes beyond its records.</summary>
    private const int BatchHeaderBytes = 61;

    /// <summary>What a record takes in a batch beyond its value.</summary>
    private const int RecordOverheadBytes = 8;

    /// <summary>What a consumer lets a fetch bring of one partition.</summary>
    private const int FetchedBytes = 1024 * 1024;

    /// <summary>Null where nothing is moved, or not by records.</summary>
    /// <param name="load">The load.</param>
    /// <param name="valueBytesPerBatch">Bytes of values in the batches that it was seen to send, in the mean; null for full
    /// ones.</param>
    public static LimitShape? Of(LoadShape load, double? valueBytesPerBatch = null)
    {
        if (!load.IsLoad || load.IsOfGroups)
        {
            return null;
        }

        double recordShare = (double)load.RecordSizeBytes / (load.RecordSizeBytes + RecordOverheadBytes);
        if (load.Type == LoadType.Consume)
        {
            return new LimitShape(
                SmallMessageBytes, FetchedBytes, (int)(FetchedBytes * recordShare), load.InFlightMax, IsWritten: false, IsSynced: false);
        }

        double valueBytes = valueBytesPerBatch
            ?? (load.IsRecordPerRequest || load.Rate is not null ? load.RecordSizeBytes : LoadShape.BatchedBytes * recordShare);
        int sentBytes = (int)(valueBytes / recordShare) + BatchHeaderBytes;
        return new LimitShape(sentBytes, SmallMessageBytes, (int)valueBytes, load.WritesPerSync, IsWritten: true, load.IsFsync);
    }
}
