using FastLog.Client;
using FastLog.Load.Results;
using FastLog.Load.Sink;

namespace FastLog.Load.Loads;

/// <summary>What the generator can do at best: a produce load against a sink that only acknowledges, in a process of its
/// own, which stands where the broker stands in the result.</summary>
/// <param name="settings">How to produce.</param>
/// <param name="extent">How much.</param>
/// <param name="target">The topic and its partitions; which broker is not looked at.</param>
public sealed class CeilingLoad(LoadTarget target, ProduceSettings settings, LoadExtent extent)
{
    /// <summary>Runs it; ends early, with what was done until then, when it is cancelled.</summary>
    /// <param name="sinkCommand">The names of the command that makes this program a sink.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="LoadFailedException">The sink does not start, or a record was not acknowledged.</exception>
    /// <exception cref="KafkaException">The sink cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the clock started.</exception>
    public async Task<LoadResult> RunAsync(IEnumerable<string> sinkCommand, CancellationToken cancellationToken)
    {
        await using SinkProcess sink = await SinkProcess
            .StartAsync(sinkCommand, Math.Max(1, target.PartitionsCount), cancellationToken).ConfigureAwait(false);
        LoadTarget atSink = target with { BootstrapServers = sink.BootstrapServers, BrokerPid = sink.Pid };
        return await new ProduceLoad(atSink, settings, extent)
            .RunAsync(LoadKind.Ceiling, flushMessages: null, cancellationToken).ConfigureAwait(false);
    }
}
