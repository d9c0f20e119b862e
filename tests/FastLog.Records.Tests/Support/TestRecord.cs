namespace FastLog.Records.Tests;

/// <summary>A record in plain objects, to compare what went in with what comes out.</summary>
internal sealed record TestRecord(long Offset, long TimestampMs, byte[]? Key, byte[]? Value, (byte[] Key, byte[]? Value)[] Headers)
{
    public static TestRecord From(RecordView record)
    {
        List<(byte[], byte[]?)> headers = [];
        foreach (RecordHeaderView header in record.Headers)
        {
            headers.Add((header.Key.ToArray(), header.ValueIsNull ? null : header.Value.ToArray()));
        }

        Assert.Equal(record.HeaderCount, headers.Count);
        return new TestRecord(
            record.Offset,
            record.TimestampMs,
            record.KeyIsNull ? null : record.Key.ToArray(),
            record.ValueIsNull ? null : record.Value.ToArray(),
            [.. headers]);
    }

    public static List<TestRecord> ReadAll(ReadOnlySpan<byte> batch, int sizeMaxBytes = 64 << 20)
    {
        using PooledBufferWriter scratch = new();
        List<TestRecord> records = [];
        foreach (RecordView record in new RecordBatchView(batch).Records(scratch, sizeMaxBytes))
        {
            records.Add(From(record));
        }

        return records;
    }

    public static TestRecord Random(Random random, long offset, long timestampMs)
    {
        (byte[], byte[]?)[] headers = new (byte[], byte[]?)[random.Next(4) == 0 ? random.Next(1, 5) : 0];
        for (int i = 0; i < headers.Length; i++)
        {
            headers[i] = (random.Bytes(random.Next(20)), random.Next(4) == 0 ? null : random.PackableBytes(random.Next(200)));
        }

        return new TestRecord(
            offset,
            timestampMs,
            random.Next(4) == 0 ? null : random.Bytes(random.Next(40)),
            random.Next(8) == 0 ? null : random.PackableBytes(random.Next(random.Next(10) == 0 ? 20000 : 300)),
            headers);
    }

    public bool AppendTo(RecordBatchBuilder builder) =>
        builder.TryAppend(
            TimestampMs,
            Key,
            Key is null,
            Value,
            Value is null,
            Headers.Select(h => h.Value is null ? new RecordHeader(h.Key) : new RecordHeader(h.Key, h.Value)).ToArray());

    public string Text =>
        $"{Offset} {TimestampMs} {Hex(Key)} {Hex(Value)}" + string.Concat(Headers.Select(h => $" {Hex(h.Key)} {Hex(h.Value)}"));

    private static string Hex(byte[]? bytes) => bytes is null ? "null" : "x" + Convert.ToHexStringLower(bytes);
}
