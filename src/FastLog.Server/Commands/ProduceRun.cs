using System.Diagnostics;
using System.Text.Json;
using FastLog.Client;
using FastLog.Protocol;
using FastLog.Records;

namespace FastLog.Server.Commands;

/// <summary>One run of <c>fastlog produce</c>: lines in, records out, progress and summary.</summary>
internal sealed class ProduceRun(ProducerOptions options) : IDeliveryHandler
{
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _recordsStored;
    private long _recordsFailed;
    private long _bytesSent;
    private string? _failure;

    public ReadOnlyMemory<byte> KeySeparator { get; init; }

    public bool EmptyIsNull { get; init; }

    public RecordHeader[] Headers { get; init; } = [];

    public int Partition { get; init; } = TopicProducer.AnyPartition;

    public bool Json { get; init; }

    /// <summary>Stores all lines; exit code 1 when some could not be stored.</summary>
    public async Task<int> RunAsync(string topic, Stream input, CancellationToken cancellationToken)
    {
        await using (var producer = new Producer(options))
        {
            var target = await producer.OpenTopicAsync(topic, this, cancellationToken).ConfigureAwait(false);
            using var progress = ProgressLine.Start(Progress, Position);
            try
            {
                await SendAllAsync(producer, target, input, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // What was read so far is still stored.
            }

            await producer.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }

        Summarise(topic);
        return _recordsFailed == 0 ? 0 : 1;
    }

    /// <inheritdoc/>
    public void OnDelivered(in DeliveryReport report)
    {
        if (report.ErrorCode == ErrorCode.None)
        {
            Interlocked.Add(ref _recordsStored, report.RecordsCount);
            Interlocked.Add(ref _bytesSent, report.SizeInBytes);
            return;
        }

        Interlocked.Add(ref _recordsFailed, report.RecordsCount);
        Interlocked.CompareExchange(
            ref _failure,
            $"{report.Topic}-{report.Partition}: {report.ErrorMessage ?? report.ErrorCode.Message()} ({report.ErrorCode.Name()})",
            null);
    }

    private async Task SendAllAsync(
        Producer producer, TopicProducer target, Stream input, CancellationToken cancellationToken)
    {
        var lines = new LineReader(input, options.MaxRequestSizeBytes);
        // After a failure the rest would most likely fail too, and what the user sees must be the first one.
        while (Volatile.Read(ref _failure) is null && await lines.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (!TrySendRead(target, lines))
            {
                await producer.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Appends the lines that were read; false when the buffer memory is full.</summary>
    private bool TrySendRead(TopicProducer target, LineReader lines)
    {
        while (lines.TryTake(out var text))
        {
            var line = RecordLine.Split(text, KeySeparator.Span, EmptyIsNull);
            if (!target.TryAppend(
                Partition, TopicProducer.Now, line.Key, line.KeyIsNull, line.Value, line.ValueIsNull, Headers))
            {
                lines.PutBack(text.Length);
                return false;
            }
        }

        return true;
    }

    private string Progress(double recordsPerSecond) =>
        $"{Position():N0} records stored, {recordsPerSecond:N0}/s";

    private long Position() => Volatile.Read(ref _recordsStored);

    private void Summarise(string topic)
    {
        var seconds = Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
        if (Json)
        {
            using var writer = new Utf8JsonWriter(Console.OpenStandardOutput());
            writer.WriteStartObject();
            writer.WriteString("topic", topic);
            writer.WriteNumber("recordsStored", _recordsStored);
            writer.WriteNumber("recordsFailed", _recordsFailed);
            writer.WriteNumber("bytesSent", _bytesSent);
            writer.WriteNumber("seconds", Math.Round(seconds, 3));
            writer.WriteEndObject();
            writer.Flush();
            Console.WriteLine();
        }

        Console.Error.WriteLine(
            $"stored {_recordsStored:N0} records, {_bytesSent / 1e6:N1} MB sent, in {seconds:N2} s "
            + $"({_recordsStored / seconds:N0} records/s)");
        if (_recordsFailed > 0)
        {
            Console.Error.WriteLine($"fastlog: {_recordsFailed:N0} records were not acknowledged: {_failure}");
        }
    }
}
