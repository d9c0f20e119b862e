using FastLog.Protocol;

namespace FastLog.Cluster;

/// <summary>Checks of replicas that a client placed itself.</summary>
internal static class ManualAssignment
{
    /// <summary>Checks the brokers of one partition.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="brokerIds">The brokers.</param>
    /// <param name="replicationFactor">How many replicas the other partitions have, or null for the first one.</param>
    public static Refusal? Check(MetadataImage image, IReadOnlyList<int> brokerIds, int? replicationFactor)
    {
        if (brokerIds.Count == 0)
        {
            return Refuse("The manual partition assignment includes an empty replica list.");
        }
        for (var i = 0; i < brokerIds.Count; i++)
        {
            var id = brokerIds[i];
            if (image.FindBroker(id) is null)
            {
                return Refuse(
                    $"The manual partition assignment includes broker {id}, but no such broker is registered.");
            }
            for (var j = 0; j < i; j++)
            {
                if (brokerIds[j] == id)
                {
                    return Refuse($"The manual partition assignment includes the broker {id} more than once.");
                }
            }
        }
        return replicationFactor is { } expected && expected != brokerIds.Count
            ? Refuse(
                $"The manual partition assignment includes a partition with {brokerIds.Count} replica(s), but this "
                + $"is not consistent with previous partitions, which have {expected} replica(s).")
            : null;
    }

    /// <summary>Wraps a reason with the error code of assignments.</summary>
    /// <param name="message">The reason.</param>
    public static Refusal Refuse(string message) => new(ErrorCode.InvalidReplicaAssignment, message);
}
