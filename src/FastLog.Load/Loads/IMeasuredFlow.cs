using FastLog.Load.Measuring;
using FastLog.Load.Results;

namespace FastLog.Load.Loads;

/// <summary>One direction of a load as <see cref="LoadMeter"/> sees it.</summary>
internal interface IMeasuredFlow
{
    /// <summary>Of what was done since <see cref="BeginAnew"/>, in ns; null where that is not measured.</summary>
    LatencyRecorder? Latency { get; }

    /// <summary>Counts from here on.</summary>
    void BeginAnew();

    /// <summary>What was done since <see cref="BeginAnew"/>.</summary>
    /// <param name="startNs">When the clock started.</param>
    FlowResult Flow(long startNs);
}
