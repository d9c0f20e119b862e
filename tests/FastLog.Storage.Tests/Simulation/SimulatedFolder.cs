namespace FastLog.Storage.Tests;

/// <summary>One directory: names as programs see them, as they were at the last sync, and what was done since, in order.</summary>
internal sealed class SimulatedFolder
{
    private readonly List<Action<Dictionary<string, object>>> _unsynced = [];
    private Dictionary<string, object> _synced = [];

    public Dictionary<string, object> Entries { get; private set; } = [];

    public bool HasUnsyncedChanges => _unsynced.Count > 0;

    public void Change(Action<Dictionary<string, object>> change)
    {
        change(Entries);
        _unsynced.Add(change);
    }

    public void Sync()
    {
        _synced = new Dictionary<string, object>(Entries);
        _unsynced.Clear();
    }

    /// <summary>All below: names and bytes.</summary>
    public void SyncAll()
    {
        Sync();
        foreach (object node in Entries.Values)
        {
            if (node is SimulatedFolder folder)
                folder.SyncAll();
            else
                ((SimulatedInode)node).Sync();
        }
    }

    /// <summary>A file system journals names in order: some first part of the unsynced changes survives.</summary>
    public void Crash(Random random, double survival)
    {
        foreach (Action<Dictionary<string, object>> change in _unsynced)
        {
            if (random.NextDouble() >= survival)
                break;
            change(_synced);
        }
        _unsynced.Clear();
        Entries = new Dictionary<string, object>(_synced);
        foreach (object node in Entries.Values)
        {
            if (node is SimulatedFolder folder)
                folder.Crash(random, survival);
            else
                ((SimulatedInode)node).Crash(random, survival);
        }
    }
}
