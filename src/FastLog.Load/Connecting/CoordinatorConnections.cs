using FastLog.Client;
using FastLog.Load.Loads;
using FastLog.Load.Measuring;
using FastLog.Network;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Load.Connecting;

/// <summary>Connections to the broker that coordinates all groups of a load.</summary>
internal sealed class CoordinatorConnections : IAsyncDisposable
{
    private const int KeysPerRequest = 200;
    private const short FirstVersionOfManyKeys = 4;
    private const int RequestTimeoutMs = 120_000;

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(60);

    private readonly PinnedBlockPool _pool = new();
    private readonly List<BrokerConnection> _connections = [];

    private CoordinatorConnections()
    {
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<BrokerConnection> All => _connections;

    /// <summary>Finds the coordinator and connects.</summary>
    /// <param name="target">The broker to ask.</param>
    /// <param name="groupIds">The groups.</param>
    /// <param name="count">How many connections.</param>
    /// <param name="continuesOnReadLoop">See <see cref="OutgoingConnectionOptions.ContinuesOnReadLoop"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LoadFailedException">There is no coordinator, or more than one.</exception>
    /// <exception cref="KafkaException">The broker cannot be reached.</exception>
    public static async Task<CoordinatorConnections> OpenAsync(
        LoadTarget target,
        IReadOnlyList<string> groupIds,
        int count,
        bool continuesOnReadLoop,
        CancellationToken cancellationToken)
    {
        ClientOptions options = new()
        {
            BootstrapServers = target.BootstrapServers,
            ClientId = "fastlog-load",
            // A JoinGroup is answered when the whole group has joined.
            RequestTimeoutMs = RequestTimeoutMs,
        };
        CoordinatorConnections opened = new();
        try
        {
            BrokerEndpoint asked = BrokerEndpoint.ParseList(target.BootstrapServers)[0];
            BrokerEndpoint coordinator;
            await using (BrokerConnection asking = await BrokerConnection
                .OpenAsync(asked, options, opened._pool, continuesOnReadLoop: false, cancellationToken).ConfigureAwait(false))
            {
                coordinator = await FindAsync(asking, groupIds, cancellationToken).ConfigureAwait(false);
            }

            for (int i = 0; i < count; i++)
            {
                opened._connections.Add(await BrokerConnection
                    .OpenAsync(coordinator, options, opened._pool, continuesOnReadLoop, cancellationToken).ConfigureAwait(false));
            }

            return opened;
        }
        catch
        {
            await opened.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (BrokerConnection connection in _connections)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _pool.Dispose();
    }

    /// <summary>Whether a request may be repeated until a coordinator is ready.</summary>
    public static bool IsPassing(ErrorCode error) =>
        error is ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress or ErrorCode.NotCoordinator;

    /// <summary>Waits before a request is repeated.</summary>
    /// <param name="sinceNs">When it was sent first.</param>
    /// <param name="error">What it was answered with.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LoadFailedException">It has been long enough, or the error stays.</exception>
    public static Task PauseAsync(long sinceNs, ErrorCode error, CancellationToken cancellationToken) =>
        IsPassing(error) && MonotonicClock.NowNs - sinceNs < PatienceMax.TotalSeconds * 1e9
            ? Task.Delay(RetryPause, cancellationToken)
            : throw new LoadFailedException($"the coordinator of a group answers {error}: {error.Message()}");

    private static async Task<BrokerEndpoint> FindAsync(
        BrokerConnection connection, IReadOnlyList<string> groupIds, CancellationToken cancellationToken)
    {
        if (connection.VersionOf(ApiKey.FindCoordinator) < FirstVersionOfManyKeys)
        {
            throw new LoadFailedException("the broker is older than the groups of this load: FindCoordinator has no version 4");
        }

        HashSet<BrokerEndpoint> found = [];
        foreach (string[] keys in groupIds.Chunk(KeysPerRequest))
        {
            FindCoordinatorRequest request = new();
            Array.ForEach(keys, request.CoordinatorKeys.Add);
            long sinceNs = MonotonicClock.NowNs;
            while (true)
            {
                FindCoordinatorResponse response =
                    await connection.RequestAsync(request, cancellationToken).ConfigureAwait(false);
                if (response.Coordinators.FirstOrDefault(one => one.ErrorCode != ErrorCode.None) is not { } failed)
                {
                    found.UnionWith(response.Coordinators.Select(one => new BrokerEndpoint(one.Host, one.Port)));
                    break;
                }

                await PauseAsync(sinceNs, failed.ErrorCode, cancellationToken).ConfigureAwait(false);
            }
        }

        return found.Count == 1
            ? found.Single()
            : throw new LoadFailedException($"the groups have {found.Count} coordinators; this load measures one broker");
    }
}
