using System.CommandLine;
using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Payloads;
using FastLog.Records;

namespace FastLog.Load.Commands;

/// <summary>The options of every load that produces.</summary>
/// <param name="rateDefault">The rate when none is given; null for a closed loop.</param>
/// <param name="lingerMsDefault">The linger when none is given.</param>
internal sealed class ProduceOptions(double? rateDefault = null, int lingerMsDefault = 5)
{
    private const int ProducersMax = 1024;

    private readonly Option<int> _producers = Options.Positive("--producers", "So many clients, each with a connection of its own.", 1);

    private readonly Option<double?> _rate = Options.PositiveIfAny<double>(
        "--rate",
        "Open loop: send so many records a second over all producers, each at its time, whatever became of those before; "
        + "latencies count from that time. " + (rateDefault is { } rate
            ? FormattableString.Invariant($"{rate:N0} when not given.")
            : "When not given, closed loop: as fast as the client takes them."),
        "RECORDS_PER_SECOND");

    private readonly Option<int> _partitions = Options.Positive(
        "--partitions", "The topic is created with so many when it is not there.", 1);

    private readonly Option<long?> _flushMessages = Options.PositiveIfAny<long>(
        "--flush-messages",
        "The topic is created with this flush.messages; 1 asks for a write to disk before every acknowledgement. The broker may refuse.",
        "N");

    private readonly Option<RecordSizes> _sizes = Options.Parsed(
        "--record-size-bytes", "The size of every value, or what sizes are drawn from.", "N|uniform:MIN-MAX",
        RecordSizes.Fixed(100), RecordSizes.Parse);

    private readonly Option<PayloadKind> _payload = new("--payload")
    {
        Description = "What values are made of: random characters, log lines, or JSON objects, cut to their size.",
        HelpName = "random|text|json",
        DefaultValueFactory = _ => PayloadKind.Random,
    };

    private readonly Option<KeyDistribution> _keys = Options.Parsed(
        "--keys", "Keys: none, or one of N, all as likely (uniform) or the n-th in proportion to 1/n (zipf).",
        "none|uniform:N|zipf:N", KeyDistribution.None, KeyDistribution.Parse);

    private readonly Option<CompressionType> _compression = new("--compression")
    {
        Description = "How batches are packed.",
        HelpName = "none|gzip|snappy|lz4|zstd",
        DefaultValueFactory = _ => CompressionType.None,
    };

    private readonly Option<Acks> _acks = Options.Parsed(
        "--acks", "Whose writes to wait for: of all in-sync replicas, of the leader, of nobody.", "all|1|0", Acks.All, ParseAcks);

    private readonly Option<bool> _idempotent = new("--idempotent")
    {
        Description = "Whether records are numbered so that none is stored twice; needs acks=all, and is off without.",
        DefaultValueFactory = _ => true,
    };

    private readonly Option<bool> _transactional = new("--transactional")
    {
        Description = "Store records in transactions. Refused: neither client nor broker have transactions yet.",
    };

    private readonly Option<int> _linger = Options.NotNegative("--linger-ms", "How long a record waits for company.", lingerMsDefault);

    private readonly Option<int> _batchSize = Options.Positive(
        "--batch-size-bytes", "The size, before compression, at which a batch goes out at once.", 128 * 1024);

    private readonly Option<int?> _batchRecordsMax = Options.PositiveIfAny<int>(
        "--batch-records-max", "The most records in a batch; with 1 a request carries one record as well.", "N");

    private readonly Option<long> _bufferMemory = Options.Positive(
        "--buffer-memory-bytes", "What may wait or be on its way, over all producers; less with --batch-records-max 1.", 32L * 1024 * 1024);

    private readonly Option<int> _inFlight = Options.Positive("--in-flight-max", "Requests of one producer on their way at once.", 5);

    private readonly Option<Spread?> _spread = new("--spread")
    {
        Description = "How a producer spreads records over partitions: in turn (roundrobin; the default without keys), batch by "
            + "batch (sticky), each producer to one of its own (own), or by key (bykey; the default with keys).",
        HelpName = "roundrobin|sticky|own|bykey",
    };

    private readonly Option<int> _seed = new("--seed")
    {
        Description = "The same seed makes the same values, sizes and keys.",
        DefaultValueFactory = _ => 1,
    };

    public void AddTo(Command command)
    {
        Option[] all =
        [
            _producers, _rate, _partitions, _flushMessages, _sizes, _payload, _keys, _compression, _acks, _idempotent,
            _transactional, _linger, _batchSize, _batchRecordsMax, _bufferMemory, _inFlight, _spread, _seed,
        ];
        Array.ForEach(all, command.Options.Add);
    }

    public double? RateOf(ParseResult parsed) => parsed.GetValue(_rate) ?? rateDefault;

    /// <summary>The topic with what these options say of it.</summary>
    public LoadTarget Complete(LoadTarget target, ParseResult parsed) => target with
    {
        PartitionsCount = parsed.GetValue(_partitions),
        FlushMessages = parsed.GetValue(_flushMessages),
    };

    /// <summary>How to produce.</summary>
    /// <exception cref="UsageException">Options do not go together.</exception>
    public ProduceSettings SettingsOf(ParseResult parsed)
    {
        KeyDistribution keys = parsed.GetValue(_keys);
        bool hasKeys = keys.Choice != KeyChoice.None;
        Spread spread = parsed.GetValue(_spread) ?? (hasKeys ? Spread.ByKey : Spread.RoundRobin);
        Refuse(parsed.GetValue(_transactional), "--transactional: FastLog has no transactions yet, and a load without them would be no measure");
        Refuse(spread == Spread.ByKey && !hasKeys, "--spread bykey needs keys: give --keys uniform:N or zipf:N");
        Refuse(spread == Spread.Sticky && hasKeys, "--spread sticky is for records without keys: leave --keys or --spread out");
        Refuse(parsed.GetValue(_producers) > ProducersMax, $"--producers can be at most {ProducersMax}");
        return new ProduceSettings
        {
            ProducersCount = parsed.GetValue(_producers),
            RateRecordsPerSecond = RateOf(parsed),
            Sizes = parsed.GetValue(_sizes),
            Payload = parsed.GetValue(_payload),
            Keys = keys,
            Compression = parsed.GetValue(_compression),
            Acks = parsed.GetValue(_acks),
            IsIdempotent = parsed.GetValue(_idempotent),
            LingerMs = parsed.GetValue(_linger),
            BatchSizeBytes = parsed.GetValue(_batchSize),
            BatchRecordsMax = parsed.GetValue(_batchRecordsMax) ?? int.MaxValue,
            BufferMemoryBytes = parsed.GetValue(_bufferMemory),
            RequestsInFlightMax = parsed.GetValue(_inFlight),
            Spread = spread,
            Seed = parsed.GetValue(_seed),
        };
    }

    private static void Refuse(bool isWrong, string reason)
    {
        if (isWrong)
        {
            throw new UsageException(reason);
        }
    }

    private static Acks ParseAcks(string text) => text switch
    {
        "all" or "-1" => Acks.All,
        "1" => Acks.Leader,
        "0" => Acks.None,
        _ => throw new FormatException($"'{text}' is none of all, 1 and 0"),
    };
}
