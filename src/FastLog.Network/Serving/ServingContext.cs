using Microsoft.Extensions.Logging;

namespace FastLog.Network;

/// <summary>What all connections of a listener share.</summary>
internal sealed class ServingContext(
    NetworkOptions options, IRequestProcessor processor, PinnedBlockPool pool, TimeProvider time, ILogger logger)
{
    private readonly ObjectStack<PendingResponse> _freeResponses = new(capacity: 8192);
    private NetworkMetrics? _metrics;

    public NetworkOptions Options => options;

    public IRequestProcessor Processor => processor;

    public PinnedBlockPool Pool => pool;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    public NetworkCounters Counters { get; } = new();

    public RequestBytesBudget Budget { get; } = new(options.QueuedBytesMax);

    public IFileRegionSender RegionSender { get; } = FileRegionSenders.For(options.FileRegionSending);

    /// <summary>Set from outside once somebody wants to know.</summary>
    public NetworkMetrics? Metrics
    {
        get => Volatile.Read(ref _metrics);
        set => Volatile.Write(ref _metrics, value);
    }

    public PendingResponse RentResponse() =>
        _freeResponses.TryPop(out PendingResponse? response) ? response : new PendingResponse(pool);

    /// <summary>Clears a response and keeps it, unless somebody may still hold on to it.</summary>
    public void Recycle(PendingResponse response)
    {
        if (response.State == ResponseState.Abandoned)
        {
            response.Frame.Clear();
            return;
        }

        response.Reset();
        _freeResponses.Push(response);
    }
}
