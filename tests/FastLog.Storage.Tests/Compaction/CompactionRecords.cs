using System.Text;
using FastLog.Records;

namespace FastLog.Storage.Tests;

/// <summary>One record as a test sees it.</summary>
internal sealed record StoredRecord(
    long Offset, string Key, string? Value, long TimestampMs, long BatchOffset, bool IsControl, bool IsPastHorizon, long ProducerId);

/// <summary>Reading logs and building batches record by record.</summary>
internal static class CompactionRecords
{
    public static byte[] Batch(
        IReadOnlyList<(string Key, string? Value)> records,
        CompressionType compression = CompressionType.None,
        long producerId = -1,
        int baseSequence = -1,
        bool isTransactional = false,
        long timestampMs = ManualClock.StartMs)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(
            compression: compression,
            producerId: producerId,
            producerEpoch: (short)(producerId < 0 ? -1 : 0),
            baseSequence: baseSequence,
            isTransactional: isTransactional);
        for (int i = 0; i < records.Count; i++)
        {
            (string key, string? value) = records[i];
            RecordHeader[] headers = [new RecordHeader("h"u8.ToArray(), Encoding.UTF8.GetBytes(key))];
            builder.TryAppend(
                timestampMs + i, Encoding.UTF8.GetBytes(key), false, Encoding.UTF8.GetBytes(value ?? ""), value is null, headers);
        }
        return builder.Build().ToArray();
    }

    public static byte[] Batch(string key, string? value) => Batch([(key, value)]);

    public static List<StoredRecord> Of(IEnumerable<byte[]> batches, long nowMs = 0)
    {
        List<StoredRecord> records = [];
        using PooledBufferWriter scratch = new();
        foreach (byte[] bytes in batches)
        {
            RecordBatchView batch = new(bytes);
            RecordBatchHeader header = batch.Header;
            bool isPastHorizon = header.HasDeleteHorizon && header.BaseTimestamp <= nowMs;
            foreach (RecordView record in batch.Records(scratch, int.MaxValue))
            {
                string key = header.IsControl ? "" : Encoding.UTF8.GetString(record.Key);
                Assert.True(header.IsControl || record.HeaderCount <= 1);
                records.Add(new StoredRecord(
                    record.Offset,
                    key,
                    record.ValueIsNull ? null : header.IsControl ? "" : Encoding.UTF8.GetString(record.Value),
                    record.TimestampMs,
                    header.BaseOffset,
                    header.IsControl,
                    isPastHorizon,
                    header.ProducerId));
            }
        }
        return records;
    }

    /// <summary>What a read_committed consumer ends with, having read the whole log: the newest value of each key.</summary>
    public static SortedDictionary<string, string> Consume(PartitionLog log, long lastStableOffset)
    {
        SortedDictionary<string, string> values = new(StringComparer.Ordinal);
        List<AbortedTransaction> aborted = [];
        HashSet<long> dropped = [];
        for (long offset = log.LogStartOffset; offset < lastStableOffset;)
        {
            ReadResult read = log.ReadCommitted(offset, 400, lastStableOffset, atLeastOneBatch: true, aborted);
            Assert.Equal(ReadStatus.Ok, read.Status);
            if (LogStand.Take(read) is not { } bytes)
                break;
            Apply(bytes, offset, aborted, dropped, values);
            offset = read.NextOffset;
            dropped.Clear();
        }
        return values;
    }

    // As Kafka's clients do it: a producer's data is dropped from the first offset told until its ABORT marker.
    private static void Apply(
        byte[] bytes, long fetchOffset, List<AbortedTransaction> aborted, HashSet<long> dropped, SortedDictionary<string, string> values)
    {
        List<AbortedTransaction> coming = [.. aborted.OrderBy(transaction => transaction.FirstOffset)];
        using PooledBufferWriter scratch = new();
        for (ReadOnlyMemory<byte> rest = bytes; !rest.IsEmpty;)
        {
            RecordBatchView batch = new(rest.Span);
            rest = rest[batch.Bytes.Length..];
            RecordBatchHeader header = batch.Header;
            while (coming.Count > 0 && coming[0].FirstOffset <= header.LastOffset)
            {
                dropped.Add(coming[0].ProducerId);
                coming.RemoveAt(0);
            }
            if (header.IsControl)
            {
                if (EndMarker.Read(header, batch.RecordBytes) is { IsAbort: true })
                    dropped.Remove(header.ProducerId);
                continue;
            }
            if (header.IsTransactional && dropped.Contains(header.ProducerId))
                continue;
            foreach (RecordView record in batch.Records(scratch, int.MaxValue))
            {
                string key = Encoding.UTF8.GetString(record.Key);
                if (record.Offset < fetchOffset)
                    continue;
                if (record.ValueIsNull)
                    values.Remove(key);
                else
                    values[key] = Encoding.UTF8.GetString(record.Value);
            }
        }
    }
}
