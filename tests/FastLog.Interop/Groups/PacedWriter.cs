using System.Collections.Concurrent;
using FastLog.Interop.Wire;

namespace FastLog.Interop.Groups;

/// <summary>A record that the broker acknowledged.</summary>
internal readonly record struct WrittenRecord(int Partition, long Offset, string Value);

/// <summary>
/// Writes a batch to every partition in turn, again and again, at a pace that leaves the machine to others, until it is
/// told to stop. No record is ever sent twice, and a broker that goes away is waited for.
/// </summary>
internal sealed class PacedWriter : IAsyncDisposable
{
    private const int RecordsPerBatch = 10;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentQueue<WrittenRecord> _acknowledged = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;
    private readonly string _topic;
    private readonly int _partitions;
    private readonly Task _writing;
    private int _sent;

    private PacedWriter(int port, string topic, int partitions)
    {
        (_port, _topic, _partitions) = (port, topic, partitions);
        _writing = Task.Run(RunAsync);
    }

    /// <summary>Acknowledged so far.</summary>
    public int AcknowledgedCount => _acknowledged.Count;

    /// <summary>Begins to write.</summary>
    public static PacedWriter Start(int port, string topic, int partitions) => new(port, topic, partitions);

    /// <summary>Stops and returns all that was acknowledged.</summary>
    public async Task<IReadOnlyCollection<WrittenRecord>> StopAsync()
    {
        await _stop.CancelAsync();
        await _writing;
        return _acknowledged;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var pace = new PeriodicTimer(Pace);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await using WireClient client = await WireClient.OpenAsync(_port);
                for (int turn = 0; !_stop.IsCancellationRequested; turn++)
                {
                    await WriteAsync(client, turn % _partitions);
                    await pace.WaitForNextTickAsync();
                }
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
            {
                // The broker is away: what it did not acknowledge may or may not be stored.
                await pace.WaitForNextTickAsync();
            }
        }
    }

    private async Task WriteAsync(WireClient client, int partition)
    {
        string[] values = [.. Enumerable.Range(0, RecordsPerBatch).Select(_ => $"v{_sent++}")];
        byte[] batch = WireBatch.Encode(values, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), WireProducer.None);
        Produced answer = await client.ProduceAsync(_topic, partition, batch);
        Assert.Equal(WireErrors.None, answer.Error);
        for (int index = 0; index < values.Length; index++)
        {
            _acknowledged.Enqueue(new WrittenRecord(partition, answer.BaseOffset + index, values[index]));
        }
    }
}
