namespace FastLog.Client;

/// <summary>A change of what a member owns, which its reader carries out between two reads.</summary>
/// <param name="Lost">No longer owned, whatever the reader does.</param>
/// <param name="Revoked">To be given up; still owned until the step is done.</param>
/// <param name="Added">To be owned from now on.</param>
internal sealed record RebalanceStep(
    IReadOnlyCollection<TopicAndPartition> Lost,
    IReadOnlyCollection<TopicAndPartition> Revoked,
    IReadOnlyCollection<TopicAndPartition> Added)
{
    /// <summary>Offsets of all that is owned are committed first: the group stands still until then anyhow.</summary>
    public bool CommitsFirst { get; init; }
}
