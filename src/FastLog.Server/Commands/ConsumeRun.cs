using System.Text;
using FastLog.Client;
using FastLog.Protocol;

namespace FastLog.Server.Commands;

/// <summary>One run of <c>fastlog consume</c>.</summary>
internal sealed class ConsumeRun(ConsumerOptions options)
{
    /// <summary>Partitions that are not read to the end as of the start, with that end.</summary>
    private readonly Dictionary<int, long> _ends = [];
    private byte[] _topicBytes = [];
    private long _printed;

    public required string Topic { get; init; }

    public required StartPosition From { get; init; }

    public required RecordFormat Format { get; init; }

    public long CountMax { get; init; } = long.MaxValue;

    public IReadOnlyCollection<int> Partitions { get; init; } = [];

    public bool Follow { get; init; }

    public bool Json { get; init; }

    private bool IsDone => _printed >= CountMax || (!Follow && _ends.Count == 0);

    /// <summary>Prints until there is nothing more to print, or until cancelled.</summary>
    public async Task<int> RunAsync(Stream output, CancellationToken cancellationToken)
    {
        _topicBytes = Encoding.UTF8.GetBytes(Topic);
        await using var consumer = new Consumer(options);
        await AssignAsync(consumer, cancellationToken).ConfigureAwait(false);
        var buffer = new OutputBuffer(output);
        using var json = new RecordJson(buffer);
        // On a terminal the records themselves are the progress.
        using var progress = ProgressLine.Start(
            rate => $"{Count():N0} records read, {rate:N0}/s", Count, isWanted: Console.IsOutputRedirected);
        try
        {
            while (!IsDone)
            {
                if (!consumer.TryRead(out var fetched))
                {
                    buffer.Flush();
                    fetched = await consumer.ReadAsync(cancellationToken).ConfigureAwait(false);
                }

                using (fetched)
                {
                    Print(fetched, buffer, Json ? json : null);
                }
            }

            buffer.Flush();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            buffer.Flush();
        }
        catch (IOException)
        {
            // Whoever read the output has seen enough, like head does.
        }

        return 0;
    }

    private long Count() => Volatile.Read(ref _printed);

    private async Task AssignAsync(Consumer consumer, CancellationToken cancellationToken)
    {
        var all = await consumer.PartitionsOfAsync(Topic, cancellationToken).ConfigureAwait(false);
        var missing = Partitions.Except(all.Select(partition => partition.Partition)).ToList();
        if (missing.Count > 0)
        {
            throw new KafkaException(
                ErrorCode.UnknownTopicOrPartition, $"topic {Topic} has {all.Count} partitions and no number {missing[0]}");
        }

        var wanted = all.Where(partition => Partitions.Count == 0 || Partitions.Contains(partition.Partition)).ToList();
        var starts = Follow
            ? wanted.ToDictionary(partition => partition, _ => From)
            : await BoundAsync(wanted, cancellationToken).ConfigureAwait(false);
        foreach (var (partition, start) in starts)
        {
            consumer.Assign(partition, start);
        }
    }

    /// <summary>Looks where each partition starts and ends now; those with nothing in between are left out.</summary>
    private async Task<Dictionary<TopicAndPartition, StartPosition>> BoundAsync(
        List<TopicAndPartition> wanted, CancellationToken cancellationToken)
    {
        await using var admin = new AdminClient(options);
        var ends = await AskAsync(StartPosition.Latest).ConfigureAwait(false);
        var firsts = await AskAsync(StartPosition.Earliest).ConfigureAwait(false);
        var asked = await AskAsync(From).ConfigureAwait(false);
        Dictionary<TopicAndPartition, StartPosition> starts = [];
        foreach (var partition in wanted)
        {
            var end = ends[partition].Offset;
            // No record that late means the end; an offset before the first record means the first.
            var start = From.Offset ?? (asked[partition].Offset < 0 ? end : asked[partition].Offset);
            if (Math.Max(start, firsts[partition].Offset) < end)
            {
                _ends[partition.Partition] = end;
                starts[partition] = StartPosition.AtOffset(start);
            }
        }

        return starts;

        Task<IReadOnlyDictionary<TopicAndPartition, FoundOffset>> AskAsync(StartPosition position) =>
            admin.ListOffsetsAsync(
                [.. wanted.Select(partition => KeyValuePair.Create(partition, position))],
                options.IsolationLevel,
                cancellationToken);
    }

    private void Print(FetchedRecords fetched, OutputBuffer buffer, RecordJson? json)
    {
        var partition = fetched.Partition;
        var end = Follow ? long.MaxValue : _ends.GetValueOrDefault(partition, 0);
        foreach (var record in fetched)
        {
            if (record.Offset >= end || _printed >= CountMax)
            {
                break;
            }

            if (json is null)
            {
                Format.Write(buffer, _topicBytes, partition, record);
            }
            else
            {
                json.Write(Topic, partition, record);
            }

            _printed++;
            buffer.FlushIfFull();
        }

        if (fetched.NextOffset >= end)
        {
            _ends.Remove(partition);
        }
    }
}
