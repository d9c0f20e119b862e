using FastLog.Cluster;
using FastLog.Protocol;

namespace FastLog.Broker.Producers;

/// <summary>
/// Hands out producer ids from blocks that the controller allocates, 1,000 at a time, and never hands one out twice:
/// a block is recorded in the metadata log before its first id is used, and what is left of it at a stop is lost.
/// </summary>
public sealed class ProducerIds(ClusterNode node) : IDisposable
{
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private long _next;
    private long _end;

    /// <summary>A producer id that nobody has, or the error for which there is none.</summary>
    public async ValueTask<(ErrorCode Error, long ProducerId)> NextAsync()
    {
        await _oneAtATime.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_next == _end)
            {
                var block = await node.Controller
                    .AllocateProducerIdsAsync(node.NodeId, node.BrokerEpoch, CancellationToken.None)
                    .ConfigureAwait(false);
                if (block.Error != ErrorCode.None)
                {
                    return (block.Error, -1);
                }

                (_next, _end) = (block.FirstId, block.FirstId + block.Count);
            }

            return (ErrorCode.None, _next++);
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneAtATime.Dispose();
}
