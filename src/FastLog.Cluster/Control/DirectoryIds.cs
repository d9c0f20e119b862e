namespace FastLog.Cluster;

/// <summary>Directory ids with a meaning of their own; the first hundred ids are kept for such.</summary>
public static class DirectoryIds
{
    /// <summary>The broker has not said yet in which directory the replica is.</summary>
    public static Guid Unassigned { get; } = new("00000000-0000-0000-0000-000000000001");
}
