using System.Collections.Frozen;
using FastLog.Protocol;

namespace FastLog.Client;

/// <summary>Creates, describes and changes what a cluster holds.</summary>
/// <remarks>
/// Thread-safe. Errors of single topics or partitions are thrown as <see cref="KafkaException"/>; what the broker says
/// may be retried is retried until <see cref="ClientOptions.ApiTimeoutMs"/> has passed.
/// </remarks>
public sealed partial class AdminClient : IAsyncDisposable
{
    private readonly ClientOptions _options;
    private readonly ClusterClient _cluster;

    /// <summary>A client that connects when it is first used.</summary>
    /// <exception cref="FormatException">The bootstrap servers are not HOST:PORT.</exception>
    public AdminClient(ClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _cluster = new ClusterClient(options);
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    /// <summary>Sends a request to the broker that changes are sent to.</summary>
    private Task<TResponse> ChangeAsync<TResponse>(
        IRequest<TResponse> request, Func<TResponse, (ErrorCode Error, string? Text)> errorOf, string subject, CancellationToken cancellationToken)
        where TResponse : class, IResponse, new() =>
        RetryAsync(
            async () =>
            {
                BrokerConnection connection = await _cluster.ControllerAsync(cancellationToken).ConfigureAwait(false);
                TResponse response = await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                (ErrorCode error, string? text) = errorOf(response);
                return error == ErrorCode.None ? response : throw KafkaException.For(error, subject, text);
            },
            cancellationToken);

    /// <summary>Tries until it works, fails for good, or has taken too long. That no broker can be reached at all is said
    /// at once.</summary>
    private async Task<T> RetryAsync<T>(Func<Task<T>> attempt, CancellationToken cancellationToken)
    {
        RetryBackoff backoff = RetryBackoff.From(_options);
        long startedAt = _options.TimeProvider.GetTimestamp();
        for (int failures = 1; ; failures++)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (KafkaException e) when (IsWorthRetrying(e.ErrorCode)
                && _options.TimeProvider.GetElapsedTime(startedAt).TotalMilliseconds < _options.ApiTimeoutMs)
            {
                await Task.Delay(backoff.After(failures), _options.TimeProvider, cancellationToken).ConfigureAwait(false);
            }

            await _cluster.RefreshAsync([], false, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>An unknown topic is retriable to a producer, which waits for it; here it is an answer. A request whose
    /// connection was lost may have done its work, and the same again would say that it is done already.</summary>
    private static bool IsWorthRetrying(ErrorCode error) =>
        error.IsRetriable() && error is not (ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId
            or ErrorCode.NetworkException or ErrorCode.RequestTimedOut);

    private async Task<TopicMetadata> TopicAsync(string topic, CancellationToken cancellationToken)
    {
        FrozenDictionary<string, ErrorCode> errors =
            await _cluster.RefreshAsync([topic], false, cancellationToken).ConfigureAwait(false);
        return errors.TryGetValue(topic, out ErrorCode error)
            ? throw KafkaException.For(error, $"topic {topic}")
            : _cluster.Metadata.Topic(topic) ?? throw KafkaException.For(ErrorCode.LeaderNotAvailable, $"topic {topic}");
    }
}
