using System.Text;
using System.Text.Json;
using FastLog.Interop.Harness;
using FastLog.Interop.Wire;
using Xunit.Abstractions;

namespace FastLog.Interop.Groups;

/// <summary>What a broker writes about groups, read from its files: keys and values in Kafka's formats.</summary>
public sealed class GroupRecordsTests(ITestOutputHelper output)
{
    private const int Committed = 1;
    private const int ClassicGroup = 2;
    private static readonly int[] ConsumerGroup = [3, 4, 5, 6, 7, 8];

    [Fact]
    public async Task Files_of_the_offsets_topic_hold_Kafkas_records()
    {
        await using BrokerProcess broker = await BrokerProcess.StartAsync(GroupStand.BrokerProperties);
        long[] classic = await ReadAndLeaveAsync(broker, GroupClient.KafkaJs, "classic");
        long[] consumer = await ReadAndLeaveAsync(broker, GroupClient.PlatformaticConsumer, "consumer");
        Assert.Equal(0, await broker.TerminateAsync());

        var kinds = new SortedDictionary<(string Group, int Kind), int>();
        var offsets = new Dictionary<(string Group, int Partition), long>();
        foreach (string directory in Directory.GetDirectories(broker.Data.Path, "__consumer_offsets-*", SearchOption.AllDirectories))
        {
            foreach ((byte[] key, byte[] value) in await RecordsAsync(directory))
            {
                (string group, int kind) = ReadRecord(key, value, offsets);
                kinds[(group, kind)] = kinds.GetValueOrDefault((group, kind)) + 1;
            }
        }

        output.WriteLine(string.Join('\n', kinds.Select(kind => $"{kind.Key.Group}: {kind.Value} records of type {kind.Key.Kind}")));
        Assert.Equal(classic, OffsetsOf("classic"));
        Assert.Equal(consumer, OffsetsOf("consumer"));
        Assert.Equal([Committed, ClassicGroup], KindsOf("classic"));
        Assert.Equal([Committed, .. ConsumerGroup], KindsOf("consumer"));

        long[] OffsetsOf(string group) =>
            [.. Enumerable.Range(0, GroupStand.Partitions).Select(partition => offsets.GetValueOrDefault((group, partition), -1))];
        IEnumerable<int> KindsOf(string group) => kinds.Keys.Where(key => key.Group == group).Select(key => key.Kind);
    }

    private async Task<long[]> ReadAndLeaveAsync(BrokerProcess broker, GroupClient client, string name)
    {
        await using GroupStand stand = await GroupStand.StartAsync(output, broker, client, name);
        await stand.JoinAsync(1);
        await stand.UntilSharedAsync();
        await stand.UntilAllIsReadAsync();
        await stand.LeaveAsync(1);
        return await stand.CommittedAsync();
    }

    private static async Task<IReadOnlyList<(byte[] Key, byte[] Value)>> RecordsAsync(string directory)
    {
        ProgramResult dump = await ExternalProgram.SucceedAsync(
            TestRunPaths.Server, ["log", "dump", "--json", "--records", "--only", "log", directory]);
        var records = new List<(byte[], byte[])>();
        foreach (string line in dump.Lines)
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.GetProperty("type").GetString() == "record")
            {
                records.Add((BytesOf(json.RootElement, "key"), BytesOf(json.RootElement, "value")));
            }
        }

        return records;
    }

    // Text where the bytes are text, base 64 where they are not, nothing where there is none.
    private static byte[] BytesOf(JsonElement record, string name) =>
        record.TryGetProperty($"{name}Base64", out JsonElement base64) ? base64.GetBytesFromBase64()
        : record.TryGetProperty(name, out JsonElement text) && text.GetString() is { } characters ? Encoding.UTF8.GetBytes(characters)
        : [];

    // The key's first field is its type; every key begins with the group then, and the newest record of a key counts.
    private static (string Group, int Kind) ReadRecord(byte[] key, byte[] value, Dictionary<(string, int), long> offsets)
    {
        var reader = new WireReader(key);
        int kind = reader.Int16();
        string group = reader.String()!;
        if (kind != Committed)
        {
            return (group, kind);
        }

        Assert.Equal(group, reader.String());
        int partition = reader.Int32();
        Assert.Equal(0, reader.Remaining);
        var committed = new WireReader(value);
        Assert.Equal(3, committed.Int16());
        offsets[(group, partition)] = committed.Int64();
        Assert.InRange(committed.Int32(), -1, 0);
        Assert.Equal("", committed.String());
        Assert.InRange(DateTimeOffset.FromUnixTimeMilliseconds(committed.Int64()), DateTimeOffset.UtcNow.AddMinutes(-10), DateTimeOffset.UtcNow);
        Assert.Equal(0, committed.Remaining);
        return (group, kind);
    }
}
