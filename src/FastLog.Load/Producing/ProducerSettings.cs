using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Payloads;
using FastLog.Records;

namespace FastLog.Load.Producing;

/// <summary>What a load's settings mean for each of its clients.</summary>
internal static class ProducerSettings
{
    /// <summary>What the client adds to key and value when it judges whether a record fits into a request, and some.</summary>
    private const int RecordOverheadBytes = 64;

    /// <summary>Records that may wait or be on their way for each request that may be, with one record a request.</summary>
    private const int QueuedRequestsPerInFlight = 8;

    private const int RequestBytesMin = 1024 * 1024;

    public static ProducerOptions OptionsFor(LoadTarget target, ProduceSettings settings)
    {
        int recordBytesMax = settings.Sizes.MaxBytes + KeySource.KeyBytes + RecordOverheadBytes;
        // A request that has no room for a second batch carries one.
        int requestBytes = settings.IsOneRecordPerRequest
            ? recordBytesMax
            : Math.Max(RequestBytesMin, Math.Max(2 * settings.BatchSizeBytes, recordBytesMax));
        long bufferBytes = Math.Max(settings.BufferMemoryBytes / settings.ProducersCount, settings.IsOneRecordPerRequest ? 1 : 2 * settings.BatchSizeBytes);
        if (settings.IsOneRecordPerRequest)
        {
            // The client is quick with few large batches. Of tiny ones no more are to wait than keep it busy.
            long queuedBytes = (long)QueuedRequestsPerInFlight * settings.RequestsInFlightMax
                * (recordBytesMax + RecordBatchHeader.SizeInBytes);
            bufferBytes = Math.Min(bufferBytes, queuedBytes);
        }

        return new ProducerOptions
        {
            BootstrapServers = target.BootstrapServers,
            ClientId = "fastlog-load",
            Acks = settings.Acks,
            EnableIdempotence = settings.IsIdempotent,
            CompressionType = settings.Compression,
            LingerMs = settings.LingerMs,
            BatchSizeBytes = settings.BatchSizeBytes,
            BatchRecordsMax = settings.BatchRecordsMax,
            MaxRequestSizeBytes = requestBytes,
            BufferMemoryBytes = bufferBytes,
            MaxInFlightRequestsPerConnection = settings.RequestsInFlightMax,
        };
    }
}
