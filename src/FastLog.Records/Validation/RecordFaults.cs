using System.Buffers;

namespace FastLog.Records;

/// <summary>Names the records of a sound batch that are beyond a topic's limits: a second walk, since hardly any batch has such.</summary>
internal static class RecordFaults
{
    /// <summary>Lists them in the summary, the first <see cref="RecordFault.ListedMax"/> of them.</summary>
    public static void List(
        in ReadOnlySequence<byte> plainRecords, in RecordBatchHeader header, in RecordLimits limits, ref BatchSummary summary)
    {
        List<RecordFault> faults = [];
        RecordCursor cursor = new(plainRecords);
        bool isAppendTime = header.TimestampType == TimestampType.LogAppendTime;
        for (int i = 0; i < header.RecordsCount && faults.Count < RecordFault.ListedMax; i++)
        {
            bool isSound = RecordWalker.TryReadRecord(ref cursor, out WalkedRecord record);
            Invariant.Check(isSound, "only a sound batch is walked a second time");
            long timestamp = isAppendTime ? header.MaxTimestamp : header.BaseTimestamp + record.TimestampDelta;
            if (limits.RequiresKeys && record.KeyIsNull)
            {
                faults.Add(new RecordFault(i, RecordFaultKind.MissingKey, timestamp));
            }
            else if (limits.IsOutside(timestamp))
            {
                faults.Add(new RecordFault(i, RecordFaultKind.TimestampOutOfRange, timestamp));
            }
        }

        summary.Faults = faults.Count > 0 ? faults : null;
    }
}
