using System.Globalization;
using FastLog.Client;
using FastLog.Interop.Harness;
using FastLog.KafkaData;
using FastLog.Records;

namespace FastLog.Interop.KafkaDirectory;

/// <summary>A server on a copy of a directory that Kafka wrote, and clients that read it all.</summary>
internal sealed class KafkaBroker : IAsyncDisposable
{
    private readonly KafkaDataDirectory _data;

    private KafkaBroker(KafkaDataDirectory data, BrokerProcess process)
    {
        _data = data;
        Process = process;
    }

    public BrokerProcess Process { get; }

    public string DataPath => _data.Path;

    public ClientOptions ClientOptions => new() { BootstrapServers = Process.Address };

    /// <summary>
    /// Starts a server with the properties file that Kafka would be given. The records are old: retention and compaction,
    /// which would soon find some of them to remove, stay away; committed offsets do not expire.
    /// </summary>
    public static async Task<KafkaBroker> StartAsync(string kind)
    {
        KafkaDataDirectory data = new(kind);
        try
        {
            BrokerProcess process = await BrokerProcess.StartWithFileAsync((port, _) => string.Create(
                CultureInfo.InvariantCulture,
                $"""
                process.roles=broker,controller
                node.id={KafkaDataDirectory.NodeId}
                listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:0
                controller.listener.names=CONTROLLER
                log.dirs={data.Path}
                log.retention.ms=-1
                log.cleaner.enable=false
                offsets.retention.minutes=2147483647
                """));
            return new KafkaBroker(data, process);
        }
        catch
        {
            data.Dispose();
            throw;
        }
    }

    /// <summary>Reads a partition from its start to its end, each record as a line.</summary>
    public async Task<List<string>> ReadAsync(string topic, int partition, IsolationLevel isolation = IsolationLevel.ReadUncommitted)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var consumer = new Consumer(new ConsumerOptions { BootstrapServers = Process.Address, IsolationLevel = isolation });
        TopicAndPartition name = new(topic, partition);
        await using var admin = new AdminClient(ClientOptions);
        long start = (await ListAsync(admin, name, StartPosition.Earliest)).Offset;
        long end = (await ListAsync(admin, name, StartPosition.Latest, isolation)).Offset;
        List<string> lines = [];
        if (start == end)
        {
            return lines;
        }

        consumer.Assign(name, StartPosition.Earliest);
        for (long next = start; next < end;)
        {
            using FetchedRecords fetched = await consumer.ReadAsync(deadline.Token);
            AddLines(fetched, next, lines);
            next = fetched.NextOffset;
        }

        return lines;
    }

    public static async Task<FoundOffset> ListAsync(
        AdminClient admin, TopicAndPartition partition, StartPosition position, IsolationLevel isolation = IsolationLevel.ReadUncommitted) =>
        (await admin.ListOffsetsAsync([KeyValuePair.Create(partition, position)], isolation))[partition];

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _data.Dispose();
    }

    private static void AddLines(FetchedRecords fetched, long from, List<string> lines)
    {
        using var scratch = new PooledBufferWriter();
        foreach (RecordBatchView batch in fetched.Batches())
        {
            foreach (RecordView record in batch.Records(scratch, 1 << 24))
            {
                if (record.Offset >= from)
                {
                    lines.Add(KafkaRecords.Line(record, batch.Header.TimestampType, batch.Header.PartitionLeaderEpoch));
                }
            }
        }
    }
}
