using System.CommandLine;
using System.Text;
using FastLog.Client;
using FastLog.Records;

namespace FastLog.Server.Commands;

/// <summary><c>fastlog produce</c>: stores lines of input as records.</summary>
internal static class ProduceCommand
{
    private const int TopicTimeoutMs = 10_000;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var topic = new Argument<string>("topic")
        {
            Description = "The topic; created by the broker when auto.create.topics.enable allows it.",
            HelpName = "TOPIC",
        };
        var file = new Option<FileInfo?>("--file") { Description = "Read lines from a file, not from stdin.", HelpName = "PATH" };
        var separator = new Option<string>("--key-separator", "-K")
        {
            Description = "What stands between key and value, such as : or \\t. Without it lines have no key.",
            HelpName = "TEXT",
            DefaultValueFactory = _ => "",
        };
        var emptyIsNull = new Option<bool>("--empty-as-null", "-Z")
        {
            Description = "An empty key or value is null (a tombstone in a compacted topic), not empty.",
        };
        var headers = new Option<string[]>("--header", "-H")
        {
            Description = "A header for every record; may be repeated.",
            HelpName = "key=value",
            DefaultValueFactory = _ => [],
        };
        var acks = new Option<string>("--acks")
        {
            Description = "Whose acknowledgement counts: 0, 1 or all (acks). Idempotent with all.",
            DefaultValueFactory = _ => "all",
        };
        acks.AcceptOnlyFromAmong("0", "1", "all", "-1");
        var compression = new Option<string>("--compression", "-z")
        {
            Description = "How batches are packed: none, gzip, snappy, lz4, zstd (compression.type).",
            DefaultValueFactory = _ => "none",
        };
        compression.AcceptOnlyFromAmong("none", "gzip", "snappy", "lz4", "zstd");
        var partition = new Option<int>("--partition", "-p")
        {
            Description = "The partition for all records; without it the key decides, or the client where there is no key.",
            HelpName = "N",
            DefaultValueFactory = _ => TopicProducer.AnyPartition,
        };
        var defaults = new ProducerOptions();
        var lingerMs = new Option<int>("--linger-ms")
        {
            Description = "How long a record waits for others to share its batch (linger.ms).",
            HelpName = "MS",
            DefaultValueFactory = _ => defaults.LingerMs,
        };
        var batchSize = new Option<int>("--batch-size")
        {
            Description = "Bytes at which a batch is full (batch.size).",
            HelpName = "BYTES",
            DefaultValueFactory = _ => defaults.BatchSizeBytes,
        };
        var server = ClientCommand.BootstrapServer();
        var json = ClientCommand.Json("Print the closing summary as JSON on stdout.");
        var command = new Command("produce", "Store lines of stdin or of a file as records. Idempotent by default.")
        {
            topic, file, separator, emptyIsNull, headers, acks, compression, partition, lingerMs, batchSize, server, json,
        };
        command.SetRun(async (parsed, cancellationToken) =>
        {
            var options = new ProducerOptions
            {
                BootstrapServers = parsed.GetValue(server)!,
                Acks = AcksOf(parsed.GetValue(acks)!),
                CompressionType = Enum.Parse<CompressionType>(parsed.GetValue(compression)!, ignoreCase: true),
                LingerMs = parsed.GetValue(lingerMs),
                BatchSizeBytes = parsed.GetValue(batchSize),
                MaxBlockMs = TopicTimeoutMs,
            };
            var run = new ProduceRun(options)
            {
                KeySeparator = Encoding.UTF8.GetBytes(TextEscapes.Resolve(parsed.GetValue(separator)!)),
                EmptyIsNull = parsed.GetValue(emptyIsNull),
                Headers = HeadersOf(parsed.GetValue(headers)!),
                Partition = parsed.GetValue(partition),
                Json = parsed.GetValue(json),
            };
            using var input = parsed.GetValue(file) is { } path ? path.OpenRead() : Console.OpenStandardInput();
            return await run.RunAsync(parsed.GetRequiredValue(topic), input, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static Acks AcksOf(string text) => text switch
    {
        "0" => Acks.None,
        "1" => Acks.Leader,
        _ => Acks.All,
    };

    private static RecordHeader[] HeadersOf(string[] texts) =>
    [
        .. texts.Select(text => KeyValueText.Parse(text, "--header"))
            .Select(header => new RecordHeader(
                Encoding.UTF8.GetBytes(header.Key), Encoding.UTF8.GetBytes(header.Value))),
    ];
}
