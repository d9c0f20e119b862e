using System.CommandLine;
using FastLog.Load.Loads;

namespace FastLog.Load.Commands;

/// <summary>The options of every load that consumes.</summary>
internal sealed class ConsumeOptions
{
    private readonly Option<int> _consumers = Options.Positive(
        "--consumers", "So many clients, each with a connection of its own and its share of the partitions.", 1);

    private readonly Option<int> _fetchMinBytes = Options.Positive(
        "--fetch-min-bytes", "The broker answers a fetch when so much is there ...", 1);

    private readonly Option<int> _fetchMaxWaitMs = Options.NotNegative("--fetch-max-wait-ms", "... or when so long has passed.", 500);

    private readonly Option<int> _fetchMaxBytes = Options.Positive("--fetch-max-bytes", "The most that one fetch brings.", 50 * 1024 * 1024);

    private readonly Option<int> _partitionFetchMaxBytes = Options.Positive(
        "--max-partition-fetch-bytes", "The most that one fetch brings of one partition.", 1024 * 1024);

    private readonly Option<int> _idleMsMax = Options.Positive("--idle-ms-max", "Fail when nothing has come for so long.", 10_000);

    public void AddTo(Command command)
    {
        Option[] all = [_consumers, _fetchMinBytes, _fetchMaxWaitMs, _fetchMaxBytes, _partitionFetchMaxBytes, _idleMsMax];
        Array.ForEach(all, command.Options.Add);
    }

    /// <summary>How to consume.</summary>
    public ConsumeSettings SettingsOf(ParseResult parsed) => new()
    {
        ConsumersCount = parsed.GetValue(_consumers),
        FetchMinBytes = parsed.GetValue(_fetchMinBytes),
        FetchMaxWaitMs = parsed.GetValue(_fetchMaxWaitMs),
        FetchMaxBytes = parsed.GetValue(_fetchMaxBytes),
        PartitionFetchMaxBytes = parsed.GetValue(_partitionFetchMaxBytes),
        IdleMsMax = parsed.GetValue(_idleMsMax),
    };
}
