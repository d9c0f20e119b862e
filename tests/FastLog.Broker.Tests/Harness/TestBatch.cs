using System.Text;
using FastLog.Records;

namespace FastLog.Broker.Tests.Harness;

/// <summary>Record batches as producers send them.</summary>
internal static class TestBatch
{
    public static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Records without keys and with these values, of this moment.</summary>
    public static byte[] Of(params string[] values) => At(NowMs, values);

    /// <summary>Records without keys, all of one time.</summary>
    public static byte[] At(long timestampMs, params string[] values) =>
        Build(builder => Append(builder, timestampMs, values));

    /// <summary>One record whose value is of that size.</summary>
    public static byte[] Sized(int valueBytes) =>
        Build(builder => builder.TryAppend(NowMs, default, keyIsNull: true, new byte[valueBytes], valueIsNull: false));

    /// <summary>One compressed batch.</summary>
    public static byte[] Packed(CompressionType compression, params string[] values) =>
        Build(builder => Append(builder, NowMs, values), compression);

    /// <summary>What an idempotent producer sends.</summary>
    public static byte[] Idempotent(long producerId, short epoch, int baseSequence, params string[] values) => Build(
        builder => Append(builder, NowMs, values), producerId: producerId, epoch: epoch, baseSequence: baseSequence);

    /// <summary>Any batch.</summary>
    public static byte[] Build(
        Action<RecordBatchBuilder> fill,
        CompressionType compression = CompressionType.None,
        long producerId = -1,
        short epoch = -1,
        int baseSequence = -1,
        bool isTransactional = false,
        bool isControl = false)
    {
        using var builder = new RecordBatchBuilder();
        builder.Begin(
            compression: compression,
            producerId: producerId,
            producerEpoch: epoch,
            baseSequence: baseSequence,
            isTransactional: isTransactional,
            isControl: isControl);
        fill(builder);
        return builder.Build().ToArray();
    }

    /// <summary>A batch with changed bytes and the CRC that belongs to them.</summary>
    public static byte[] Forged(byte[] batch, Action<byte[]> change)
    {
        change(batch);
        RecordBatchHeader.RecomputeCrc(batch);
        return batch;
    }

    private static void Append(RecordBatchBuilder builder, long timestampMs, string[] values)
    {
        foreach (var value in values)
        {
            builder.TryAppend(
                timestampMs, default, keyIsNull: true, Encoding.UTF8.GetBytes(value), valueIsNull: false);
        }
    }
}
