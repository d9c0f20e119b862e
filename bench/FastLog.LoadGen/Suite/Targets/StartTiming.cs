using System.Diagnostics;
using System.Net.Sockets;
using FastLog.Client;

namespace FastLog.LoadGen.Suite.Targets;

/// <summary>How long a broker takes from the start of its process, on an empty directory, to its first acknowledged
/// record: connecting, creating the topic and its metadata included.</summary>
internal sealed class StartTiming(string program, string dataFolder, string outputFile)
{
    private static readonly TimeSpan ConnectPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(60);

    /// <exception cref="SuiteException">It does not start.</exception>
    /// <exception cref="KafkaException">It does not take the record.</exception>
    public async Task<double> MeasureAsync(CancellationToken cancellationToken)
    {
        string folder = Path.Combine(dataFolder, $"start-{Guid.NewGuid():N}");
        BrokerProcess broker = BrokerProcess.Start(program, folder, outputFile);
        try
        {
            await ConnectAsync(broker, cancellationToken);
            await ProduceOneAsync(broker.Address, "first", cancellationToken);
            double seconds = Stopwatch.GetElapsedTime(broker.StartedAt).TotalSeconds;
            await broker.StopAsync();
            return seconds;
        }
        finally
        {
            await broker.DisposeAsync();
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Creates a topic and waits for one record's acknowledgement.</summary>
    private static async Task ProduceOneAsync(string address, string topic, CancellationToken cancellationToken)
    {
        await using AdminClient admin = new(new ClientOptions { BootstrapServers = address, RetryBackoffMs = 1 });
        await admin.CreateTopicAsync(
            new NewTopic(topic, 1, 1) { Configs = new Dictionary<string, string> { ["flush.messages"] = "1" } },
            cancellationToken: cancellationToken);
        await using Producer producer = new(new ProducerOptions { BootstrapServers = address, LingerMs = 0, RetryBackoffMs = 1 });
        await producer.ProduceAsync(topic, new ProducerRecord { Value = new byte[100] }, cancellationToken);
    }

    private static async Task ConnectAsync(BrokerProcess broker, CancellationToken cancellationToken)
    {
        string[] parts = broker.Address.Split(':');
        int port = int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture);
        while (true)
        {
            using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(parts[0], port, cancellationToken);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(broker.StartedAt) < TimeMax)
            {
                await Task.Delay(ConnectPause, cancellationToken);
            }
            catch (SocketException e)
            {
                throw new SuiteException($"the broker did not listen within {TimeMax.TotalSeconds} s", e);
            }
        }
    }
}
