using FastLog.Protocol;
using FastLog.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace FastLog.Client;

/// <summary>Finds the broker that coordinates one group, and finds it again when it moved.</summary>
internal sealed class GroupCoordinator(string groupId, ClusterClient cluster, ClientOptions options)
{
    private const sbyte GroupKeyType = 0;
    private const short FirstVersionWithManyKeys = 4;

    private BrokerEndpoint? _endpoint;

    public string GroupId => groupId;

    /// <summary>Whether an error may go away by itself or by asking another broker.</summary>
    public static bool IsWorthRetrying(ErrorCode error) => error is ErrorCode.NotCoordinator
        or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress or ErrorCode.NetworkException
        or ErrorCode.RequestTimedOut or ErrorCode.UnstableOffsetCommit;

    /// <summary>The coordinator is not where it was.</summary>
    public void Forget() => _endpoint = null;

    /// <summary>A connection to the coordinator, after one question where it is.</summary>
    /// <exception cref="KafkaException">It is not known, or cannot be reached.</exception>
    public async Task<BrokerConnection> ConnectAsync(ConnectionUse use, CancellationToken cancellationToken)
    {
        BrokerEndpoint endpoint = _endpoint ?? await FindAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            BrokerConnection connection = await cluster.EndpointAsync(endpoint, use, cancellationToken).ConfigureAwait(false);
            _endpoint = endpoint;
            return connection;
        }
        catch (KafkaException)
        {
            Forget();
            throw;
        }
    }

    /// <summary>Asks the coordinator until there is an answer, it fails for good, or it has taken too long.</summary>
    /// <param name="attempt">Asks once; throws what the coordinator refused.</param>
    /// <param name="timeoutMs">How long to retry; 0 for one attempt.</param>
    /// <param name="isRetriable">Which errors to retry, besides those that all requests share.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="KafkaException">There is no answer, or not one to be retried.</exception>
    public async Task<T> AskAsync<T>(
        Func<BrokerConnection, Task<T>> attempt,
        int timeoutMs,
        Func<ErrorCode, bool>? isRetriable,
        CancellationToken cancellationToken)
    {
        RetryBackoff backoff = RetryBackoff.From(options);
        long startedAt = options.TimeProvider.GetTimestamp();
        for (int failures = 1; ; failures++)
        {
            try
            {
                BrokerConnection connection =
                    await ConnectAsync(ConnectionUse.Requests, cancellationToken).ConfigureAwait(false);
                return await attempt(connection).ConfigureAwait(false);
            }
            catch (KafkaException e) when (IsToBeTriedAgain(e.ErrorCode))
            {
                options.Logger.LogDebug("group {GroupId}: {Reason}", groupId, e.Message);
            }

            await Task.Delay(backoff.After(failures), options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        bool IsToBeTriedAgain(ErrorCode error)
        {
            if (Moves(error))
            {
                Forget();
            }

            return (IsWorthRetrying(error) || isRetriable?.Invoke(error) == true)
                && options.TimeProvider.GetElapsedTime(startedAt).TotalMilliseconds < timeoutMs;
        }
    }

    /// <summary>Whether an error says that the coordinator is elsewhere.</summary>
    private static bool Moves(ErrorCode error) => error is ErrorCode.NotCoordinator
        or ErrorCode.CoordinatorNotAvailable or ErrorCode.NetworkException or ErrorCode.RequestTimedOut;

    private async Task<BrokerEndpoint> FindAsync(CancellationToken cancellationToken)
    {
        BrokerConnection connection = await cluster.AnyBrokerAsync(cancellationToken).ConfigureAwait(false);
        bool asksForMany = connection.Supports(ApiKey.FindCoordinator, FirstVersionWithManyKeys);
        FindCoordinatorRequest request = new() { KeyType = GroupKeyType, Key = asksForMany ? "" : groupId };
        if (asksForMany)
        {
            request.CoordinatorKeys.Add(groupId);
        }

        FindCoordinatorResponse answer = await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
        if (!asksForMany)
        {
            return answer.ErrorCode == ErrorCode.None
                ? new BrokerEndpoint(answer.Host, answer.Port)
                : throw KafkaException.For(answer.ErrorCode, $"group {groupId}", answer.ErrorMessage);
        }

        FindCoordinatorResponse.Coordinator? found = answer.Coordinators.FirstOrDefault(item => item.Key == groupId);
        return found switch
        {
            null => throw KafkaException.For(ErrorCode.CoordinatorNotAvailable, $"group {groupId}"),
            { ErrorCode: ErrorCode.None } => new BrokerEndpoint(found.Host, found.Port),
            _ => throw KafkaException.For(found.ErrorCode, $"group {groupId}", found.ErrorMessage),
        };
    }
}
