using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <summary>Asks for the metadata of the topics in use: when somebody found them stale, and when they are old. One request
/// at a time, with pauses between failures.</summary>
internal sealed class LeaderRefresh(
    ClusterClient cluster, ClientOptions options, Action<ClusterMetadata> onMetadata, CancellationToken closing)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);
    private long _answeredAt = options.TimeProvider.GetTimestamp();
    private bool _isWanted;
    private bool _isRunning;

    public void AddTopic(string topic)
    {
        lock (_gate)
        {
            _topics.Add(topic);
        }
    }

    /// <summary>The metadata are found stale.</summary>
    public void Request()
    {
        lock (_gate)
        {
            _isWanted = true;
            if (_isRunning || closing.IsCancellationRequested)
            {
                return;
            }

            _isRunning = true;
        }

        _ = Task.Run(RunAsync, CancellationToken.None);
    }

    public void RequestIfOld()
    {
        if (options.TimeProvider.GetElapsedTime(Volatile.Read(ref _answeredAt)).TotalMilliseconds > options.MetadataAgeMsMax)
        {
            Request();
        }
    }

    private async Task RunAsync()
    {
        RetryBackoff backoff = RetryBackoff.From(options);
        int failures = 0;
        while (TryTakeWish(out string[] topics))
        {
            try
            {
                await cluster.RefreshAsync(topics, allowAutoTopicCreation: true, closing).ConfigureAwait(false);
                Volatile.Write(ref _answeredAt, options.TimeProvider.GetTimestamp());
                onMetadata(cluster.Metadata);
                failures = 0;
            }
            catch (Exception e) when (e is KafkaException or OperationCanceledException or ObjectDisposedException)
            {
                options.Logger.LogDebug("no metadata: {Reason}", e.Message);
                failures++;
                _isWanted = true;
            }

            // The pause holds after an answer too: a leader that is not there yet would be asked for in a tight loop.
            await Task.Delay(backoff.After(Math.Max(1, failures)), options.TimeProvider, closing)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool TryTakeWish(out string[] topics)
    {
        lock (_gate)
        {
            _isRunning = _isWanted && !closing.IsCancellationRequested;
            _isWanted = false;
            topics = _isRunning ? [.. _topics] : [];
            return _isRunning;
        }
    }
}
