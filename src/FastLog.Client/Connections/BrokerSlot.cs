using FastLog.Network;

namespace FastLog.Client;

/// <summary>The one connection to a broker for one use: opened when asked for, opened anew when it was lost.</summary>
internal sealed class BrokerSlot(ConnectionUse use, ClientOptions options, PinnedBlockPool pool) : IAsyncDisposable
{
    private readonly SemaphoreSlim _opening = new(1, 1);
    private BrokerConnection? _connection;
    private bool _isDisposed;

    /// <summary>The connection, if it is open.</summary>
    public BrokerConnection? Open => Volatile.Read(ref _connection) is { IsOpen: true } open ? open : null;

    public ValueTask<BrokerConnection> OpenAsync(BrokerEndpoint endpoint, CancellationToken cancellationToken) =>
        Open is { } there && there.Endpoint == endpoint
            ? new ValueTask<BrokerConnection>(there)
            : new ValueTask<BrokerConnection>(OpenAnewAsync(endpoint, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        await _opening.WaitAsync().ConfigureAwait(false);
        _isDisposed = true;
        if (_connection is { } connection)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        _opening.Release();
    }

    private async Task<BrokerConnection> OpenAnewAsync(BrokerEndpoint endpoint, CancellationToken cancellationToken)
    {
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_connection is { } old)
            {
                if (old.IsOpen && old.Endpoint == endpoint)
                {
                    return old;
                }

                await old.DisposeAsync().ConfigureAwait(false);
            }

            BrokerConnection opened = await BrokerConnection.OpenAsync(
                endpoint, options, pool, use is ConnectionUse.Produce or ConnectionUse.Fetch, cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _connection, opened);
            // The last response came on the read loop, which must be free for the next one.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return opened;
        }
        finally
        {
            _opening.Release();
        }
    }
}
