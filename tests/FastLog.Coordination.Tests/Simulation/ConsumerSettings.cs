namespace FastLog.Coordination.Tests.Simulation;

/// <summary>How a consumer is set up.</summary>
/// <param name="Name">Its client id.</param>
/// <param name="Group">Its group.</param>
/// <param name="InstanceId">Its name as a static member, or null.</param>
/// <param name="Topics">What it subscribes to first.</param>
/// <param name="IsCooperative">Whether it keeps its partitions while it joins.</param>
/// <param name="IsOld">Whether it knows the versions before member ids were required (KIP-394).</param>
internal sealed record ConsumerSettings(
    string Name, string Group, string? InstanceId, IReadOnlyList<string> Topics, bool IsCooperative, bool IsOld);
