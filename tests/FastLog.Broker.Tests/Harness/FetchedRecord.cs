using System.Buffers;
using System.Text;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Broker.Tests.Harness;

/// <summary>A record as a consumer sees it.</summary>
internal sealed record FetchedRecord(long Offset, long TimestampMs, string? Key, string? Value, string Headers)
{
    /// <summary>The records of a fetch; a batch that starts before the offset asked for has them all.</summary>
    public static List<FetchedRecord> AllOf(RecordsField records)
    {
        var found = new List<FetchedRecord>();
        using var scratch = new PooledBufferWriter();
        var rest = BytesOf(records).AsSpan();
        while (!rest.IsEmpty)
        {
            var batch = new RecordBatchView(rest);
            Assert.True(batch.IsCrcValid);
            foreach (var record in batch.Records(scratch, 1 << 24))
            {
                found.Add(From(record));
            }

            rest = rest[(int)batch.Header.TotalSizeInBytes..];
        }

        return found;
    }

    /// <summary>The bytes of a fetch's records.</summary>
    public static byte[] BytesOf(RecordsField records) => records.Bytes.ToArray();

    private static FetchedRecord From(RecordView record)
    {
        var headers = new StringBuilder();
        foreach (var header in record.Headers)
        {
            headers.Append(Encoding.UTF8.GetString(header.Key)).Append('=')
                .Append(header.ValueIsNull ? "null" : Encoding.UTF8.GetString(header.Value)).Append(';');
        }

        return new FetchedRecord(
            record.Offset,
            record.TimestampMs,
            record.KeyIsNull ? null : Encoding.UTF8.GetString(record.Key),
            record.ValueIsNull ? null : Encoding.UTF8.GetString(record.Value),
            headers.ToString());
    }
}
