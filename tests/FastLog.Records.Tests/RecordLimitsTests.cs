using System.Buffers;

namespace FastLog.Records.Tests;

/// <summary>Records that are sound and still not what the topic takes.</summary>
public class RecordLimitsTests
{
    private const long Min = 1_000;
    private const long Max = 2_000;

    private static readonly RecordLimits Limits = new() { TimestampMinMs = Min, TimestampMaxMs = Max };

    [Fact]
    public void A_record_without_a_timestamp_is_taken_and_hides_no_other() =>
        Assert.Equal([1], FaultyIndexes(RecordBatchHeader.NoTimestamp, 5, Max));

    [Fact]
    public void Both_bounds_are_within() => Assert.Equal([2, 3], FaultyIndexes(Min, Max, Min - 1, Max + 1));

    [Fact]
    public void Nothing_is_listed_where_nothing_is_wrong() => Assert.Empty(FaultyIndexes(Min, Max, Min + 1));

    private static int[] FaultyIndexes(params long[] timestampsMs)
    {
        using RecordBatchBuilder builder = new();
        builder.Begin();
        foreach (long timestampMs in timestampsMs)
        {
            builder.TryAppend(timestampMs, "key"u8, "value"u8);
        }

        byte[] batch = builder.Build().ToArray();
        BatchError error = RecordBatchValidator.Check(
            new ReadOnlySequence<byte>(batch), TestBatch.Header(batch), BatchCheckOptions.Client, Limits, out BatchSummary summary);
        Assert.Equal(BatchError.None, error);
        return [.. (summary.Faults ?? []).Select(fault => fault.RecordIndex)];
    }
}
