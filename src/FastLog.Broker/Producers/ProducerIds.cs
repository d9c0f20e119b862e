using FastLog.Cluster;

namespace FastLog.Broker.Producers;

/// <summary>
/// Hands out producer ids from blocks that the controller allocates, 1,000 at a time, and never hands one out twice:
/// a block is recorded in the metadata log before its first id is used, and what is left of it at a stop is lost.
/// </summary>
public sealed class ProducerIds(Controller controller) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private long _next;
    private long _end;

    /// <summary>A producer id that nobody has.</summary>
    public async ValueTask<long> NextAsync()
    {
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_next == _end)
            {
                var block = await controller.AllocateProducerIdsAsync(CancellationToken.None).ConfigureAwait(false);
                (_next, _end) = (block.FirstId, block.FirstId + block.Count);
            }

            return _next++;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();
}
