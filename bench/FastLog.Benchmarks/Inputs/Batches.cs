using FastLog.Records;

namespace FastLog.Benchmarks.Inputs;

/// <summary>Batches as producers send them.</summary>
internal static class Batches
{
    /// <summary>2023-11-14, in ms.</summary>
    public const long TimestampMs = 1_700_000_000_000;

    /// <summary>A batch of records without keys that is full at <paramref name="sizeMaxBytes"/>.</summary>
    /// <param name="recordBytes">The size of each record's value.</param>
    /// <param name="sizeMaxBytes">The batch's size in bytes before compression; one record fits always.</param>
    /// <param name="timestampMs">Of all records.</param>
    public static byte[] Make(int recordBytes, int sizeMaxBytes, long timestampMs = TimestampMs)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin(sizeMaxBytes: sizeMaxBytes);
        byte[] value = JsonText.Make(recordBytes);
        while (builder.TryAppend(timestampMs, default, keyIsNull: true, value, valueIsNull: false))
        {
        }

        return builder.Build().ToArray();
    }

    /// <summary>The header of a sound batch.</summary>
    public static RecordBatchHeader HeaderOf(byte[] batch) =>
        RecordBatchHeader.TryRead(batch, out RecordBatchHeader header)
            ? header
            : throw new InvalidOperationException("The batch has no header.");
}
