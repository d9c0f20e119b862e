using FastLog.Records;

namespace FastLog.StorageBench.Disk;

/// <summary>Batches of records of 100 bytes, as producers send them.</summary>
internal static class BenchBatches
{
    public const int RecordBytes = 100;

    public static byte[] Make(int sizeBytes, long timestampMs, int seed = 1)
    {
        Random random = new(seed);
        byte[] value = new byte[RecordBytes];
        using RecordBatchBuilder builder = new();
        builder.Begin(sizeMaxBytes: sizeBytes);
        do
        {
            random.NextBytes(value);
        }
        while (builder.TryAppend(timestampMs, default, keyIsNull: true, value, valueIsNull: false));
        return builder.Build().ToArray();
    }
}
