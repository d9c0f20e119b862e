namespace FastLog.Coordination.Consumer;

/// <summary>
/// A decision in the making: a copy of the group's state with the records that have led to it so far, which is what their
/// replay will make of the group. Nothing is written before <see cref="Commit"/>, so a decision may still be refused.
/// </summary>
internal sealed class GroupDraft(GroupState state)
{
    private readonly List<CoordinatorRecord> _records = [];
    private readonly List<Action<Turn>> _before = [];

    /// <summary>The group as it will be.</summary>
    public GroupState State { get; } = state;

    public string GroupId => State.GroupId;

    public void Write(CoordinatorRecord record)
    {
        State.Apply(record);
        _records.Add(record);
    }

    /// <summary>Writes what is no record of this group in front of its records: a classic group that gives way to it.</summary>
    public void Before(Action<Turn> write) => _before.Add(write);

    public void Commit(Turn turn)
    {
        foreach (var write in _before)
        {
            write(turn);
        }

        foreach (var record in _records)
        {
            turn.Write(record);
        }
    }
}
