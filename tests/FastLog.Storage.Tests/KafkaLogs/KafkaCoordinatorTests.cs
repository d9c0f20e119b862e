using System.Text.Json;
using FastLog.KafkaData;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Storage.Tests.KafkaLogs;

/// <summary>What Kafka's coordinators keep in their topics reads as the committed offsets and transactions that Kafka told.</summary>
public sealed class KafkaCoordinatorTests
{
    private static readonly string[] TransactionStates =
        ["Empty", "Ongoing", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort", "Dead", "PrepareEpochFence"];

    [Theory]
    [InlineData("clean", "expected-groups.json")]
    [InlineData("unclean", "expected-unclean-groups.json")]
    public async Task Committed_offsets_are_those_that_Kafka_told(string kind, string expected)
    {
        SortedDictionary<string, string> offsets = new(StringComparer.Ordinal);
        await ReplayAsync(kind, "__consumer_offsets", (key, value) =>
        {
            if (VersionPrefixed.ReadVersion(key.Span) > 1)
                return;
            OffsetCommitKey commit = new();
            VersionPrefixed.Decode(commit, key);
            string name = $"{commit.Group} {commit.Topic}-{commit.Partition}";
            if (value is null)
            {
                offsets.Remove(name);
                return;
            }
            OffsetCommitValue committed = new();
            VersionPrefixed.Decode(committed, value.Value);
            offsets[name] = $"{committed.Offset} epoch {committed.LeaderEpoch} '{committed.Metadata}'";
        });
        using JsonDocument json = JsonDocument.Parse(KafkaDataDirectory.ReadText(expected));
        Assert.Equal(
            json.RootElement.EnumerateArray()
                .Select(group => KeyValuePair.Create(
                    $"{Text(group, "group")} {Text(group, "topic")}-{Text(group, "partition")}",
                    $"{Text(group, "offset")} epoch {Text(group, "leaderEpoch")} '{Text(group, "metadata")}'"))
                .OrderBy(pair => pair.Key, StringComparer.Ordinal),
            offsets);
    }

    [Theory]
    [InlineData("clean", "expected-transactions.json")]
    [InlineData("unclean", "expected-unclean-transactions.json")]
    public async Task Transactions_are_those_that_Kafka_told(string kind, string expected)
    {
        SortedDictionary<string, string> transactions = new(StringComparer.Ordinal);
        await ReplayAsync(kind, "__transaction_state", (key, value) =>
        {
            TransactionLogKey id = new();
            Assert.Equal(0, VersionPrefixed.Decode(id, key));
            TransactionLogValue state = new();
            VersionPrefixed.Decode(state, value!.Value);
            IEnumerable<string> partitions = (state.TransactionPartitions ?? [])
                .SelectMany(topic => topic.PartitionIds.Select(partition => $"{topic.Topic}-{partition}"))
                .Order(StringComparer.Ordinal);
            transactions[id.TransactionalId] = $"producer {state.ProducerId}, epoch {state.ProducerEpoch}, "
                + $"{TransactionStates[state.TransactionStatus]}, {state.TransactionTimeoutMs} ms, since {state.TransactionStartTimestampMs}, "
                + string.Join(' ', partitions);
        });
        using JsonDocument json = JsonDocument.Parse(KafkaDataDirectory.ReadText(expected));
        Dictionary<string, string> told = json.RootElement.EnumerateArray().ToDictionary(
            transaction => Text(transaction, "transactionalId"),
            transaction => $"producer {Text(transaction, "producerId")}, epoch {Text(transaction, "producerEpoch")}, "
                + $"{Text(transaction, "state")}, {Text(transaction, "timeoutMs")} ms, since {Text(transaction, "startTimeMs")}, "
                + string.Join(' ', transaction.GetProperty("partitions").EnumerateArray().Select(partition => partition.GetString())));
        Assert.Equal(told.Keys.Order(), transactions.Keys);
        // The kill left it open, and Kafka had ended it when it was asked.
        foreach (string id in told.Keys.Where(id => id != "tx-crash"))
            Assert.Equal(told[id], transactions[id]);
    }

    // Records of a transaction count once it is committed.
    private static async Task ReplayAsync(string kind, string topic, Action<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> apply)
    {
        using KafkaDataDirectory data = new(kind);
        await using KafkaLogDirectory directory = new(data);
        foreach (PartitionLog log in directory.OpenAll().Where(log => log.Partition.Topic == topic))
        {
            Dictionary<long, List<(byte[] Key, byte[]? Value)>> pending = [];
            using PooledBufferWriter scratch = new();
            using BatchCursor batches = log.ReadBatches(0, log.LogEndOffset);
            while (batches.MoveNext())
            {
                RecordBatchView batch = new(batches.Batch.Span);
                List<(byte[] Key, byte[]? Value)> records = [];
                bool commits = false;
                foreach (RecordView record in batch.Records(scratch, 1 << 24))
                {
                    records.Add((record.Key.ToArray(), record.ValueIsNull ? null : record.Value.ToArray()));
                    commits = ControlRecord.TryReadKey(record.Key, out ControlRecordType type) && type == ControlRecordType.Commit;
                }
                long producer = batch.Header.ProducerId;
                if (batch.Header.IsControl)
                    records = pending.Remove(producer, out List<(byte[] Key, byte[]? Value)>? ended) && commits ? ended : [];
                else if (batch.Header.IsTransactional)
                {
                    if (!pending.TryAdd(producer, records))
                        pending[producer].AddRange(records);
                    continue;
                }
                foreach ((byte[] key, byte[]? value) in records)
                    apply(key, value is null ? default(ReadOnlyMemory<byte>?) : value);
            }
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).ToString();
}
