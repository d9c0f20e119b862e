namespace FastLog.Coordination.Tests.Simulation;

/// <summary>The generations, or member epochs, that the clients of a group have seen.</summary>
/// <param name="isOfGroup">Whether all members have the same one, as in a group that is always classic.</param>
internal sealed class GroupWatch(bool isOfGroup)
{
    /// <summary>What a client knew when it asked; of a group that was without members since it says nothing.</summary>
    public readonly record struct Moment(int Life, int Generation);

    private int _life;

    /// <summary>The newest that some member has got its assignment of: it is stored, and never comes again.</summary>
    public int Generation { get; private set; }

    public Moment Now => new(_life, Generation);

    /// <summary>The group has no members, or is gone: it may begin anew.</summary>
    public void OnEmpty()
    {
        if (Generation > 0)
        {
            _life++;
            Generation = 0;
        }
    }

    public void OnJoined(string what, int generation, Moment asked) => SimulationFailure.Unless(
        !isOfGroup || asked.Life != _life || generation >= asked.Generation,
        () => $"{what}: generation {generation} after {asked.Generation}");

    public void OnAssigned(string what, int generation, Moment asked)
    {
        OnJoined(what, generation, asked);
        OnAssigned(generation);
    }

    public void OnAssigned(int generation) => Generation = Math.Max(Generation, generation);

    public void OnCommitted(string what, int generation, Moment asked) => SimulationFailure.Unless(
        !isOfGroup || asked.Life != _life || generation >= asked.Generation,
        () => $"{what}: a commit of generation {generation} is taken after {asked.Generation}");

    public void OnLoaded(string group, int generation) => SimulationFailure.Unless(
        generation >= Generation, () => $"{group} is loaded at {generation}, and was at {Generation}");
}
