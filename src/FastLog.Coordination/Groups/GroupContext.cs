namespace FastLog.Coordination;

/// <summary>What the protocols of a shard share.</summary>
/// <param name="Options">The configuration.</param>
/// <param name="Groups">The shard's groups.</param>
/// <param name="Deadlines">The shard's deadlines.</param>
/// <param name="NewId">Gives a new id, unlike all others; handed in, since nothing here draws lots.</param>
public sealed record GroupContext(
    GroupCoordinatorOptions Options, GroupTable Groups, DeadlineQueue Deadlines, Func<Guid> NewId);
