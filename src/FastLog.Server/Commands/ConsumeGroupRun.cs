using System.Text;
using FastLog.Client;

namespace FastLog.Server.Commands;

/// <summary>One run of <c>fastlog consume --group</c>: a member of a group until it was told to stop, has printed enough
/// or nothing came for long enough.</summary>
internal sealed class ConsumeGroupRun(ConsumerOptions options)
{
    private readonly Dictionary<string, byte[]> _topicBytes = new(StringComparer.Ordinal);
    private long _printed;

    public required IReadOnlyList<string> Topics { get; init; }

    public required RecordFormat Format { get; init; }

    public long CountMax { get; init; } = long.MaxValue;

    /// <summary>Stop when no record came for so long; null to wait for ever.</summary>
    public int? TimeoutMs { get; init; }

    public bool Json { get; init; }

    /// <summary>Prints, and leaves the group at the end. What was printed and flushed counts as processed.</summary>
    public async Task<int> RunAsync(Stream output, CancellationToken cancellationToken)
    {
        await using var consumer = new Consumer(options);
        consumer.Subscribe(Topics);
        var buffer = new OutputBuffer(output);
        using var json = new RecordJson(buffer);
        using var progress = ProgressLine.Start(
            rate => $"{Count():N0} records read, {rate:N0}/s", Count, isWanted: Console.IsOutputRedirected);
        try
        {
            await PrintAsync(consumer, buffer, Json ? json : null, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // Whoever read the output has seen enough, but not what could not be written: that is not committed.
            return 0;
        }

        await consumer.CloseAsync(CancellationToken.None).ConfigureAwait(false);
        return 0;
    }

    private async Task PrintAsync(
        Consumer consumer, OutputBuffer buffer, RecordJson? json, CancellationToken cancellationToken)
    {
        while (_printed < CountMax)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            waiting.CancelAfter(TimeoutMs ?? Timeout.Infinite);
            try
            {
                using var fetched = await consumer.ReadAsync(waiting.Token).ConfigureAwait(false);
                Print(fetched, buffer, json);
                // To read on says that these are processed, so they must be out by then.
                buffer.Flush();
            }
            catch (OperationCanceledException) when (waiting.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private long Count() => Volatile.Read(ref _printed);

    private void Print(FetchedRecords fetched, OutputBuffer buffer, RecordJson? json)
    {
        var topic = TopicBytes(fetched.Topic);
        foreach (var record in fetched)
        {
            if (_printed >= CountMax)
            {
                fetched.TakeUntil(record.Offset);
                break;
            }

            if (json is null)
            {
                Format.Write(buffer, topic, fetched.Partition, record);
            }
            else
            {
                json.Write(fetched.Topic, fetched.Partition, record);
            }

            _printed++;
            buffer.FlushIfFull();
        }
    }

    private byte[] TopicBytes(string topic)
    {
        if (!_topicBytes.TryGetValue(topic, out var bytes))
        {
            bytes = Encoding.UTF8.GetBytes(topic);
            _topicBytes.Add(topic, bytes);
        }

        return bytes;
    }
}
