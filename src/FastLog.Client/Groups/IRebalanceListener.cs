namespace FastLog.Client;

/// <summary>
/// Hears which partitions a member of a group gets and gives up. All calls come from within
/// <see cref="Consumer.ReadAsync"/>, <see cref="Consumer.UnsubscribeAsync"/> or closing, one at a time, and are awaited; lists are never empty.
/// </summary>
public interface IRebalanceListener
{
    /// <summary>Partitions were added. Those the application seeks in start there; the others start at what the group has
    /// committed.</summary>
    Task OnAssignedAsync(IReadOnlyCollection<TopicAndPartition> partitions);

    /// <summary>Partitions are about to be given up and are still this member's: the last chance to commit for them.
    /// Automatic commits were made before.</summary>
    Task OnRevokedAsync(IReadOnlyCollection<TopicAndPartition> partitions);

    /// <summary>Partitions are gone already, and may have another owner: the group has removed this member. Committing for
    /// them fails. By default as <see cref="OnRevokedAsync"/>.</summary>
    Task OnLostAsync(IReadOnlyCollection<TopicAndPartition> partitions) => OnRevokedAsync(partitions);
}
