using FastLog.Protocol;

namespace FastLog.Cluster;

/// <summary>Which brokers hold the replicas of new partitions.</summary>
internal static class ReplicaPlacement
{
    /// <summary>
    /// Stripes partitions over the brokers: each partition starts one broker further than the one before, leaders are
    /// never fenced, and fenced brokers come last.
    /// </summary>
    /// <param name="image">The cluster.</param>
    /// <param name="partitionsCount">How many partitions to place.</param>
    /// <param name="replicationFactor">How many replicas each has.</param>
    /// <param name="firstBroker">Where the stripes start: any number not negative, differing between topics.</param>
    /// <param name="replicas">The brokers of each partition, preferred leader first.</param>
    /// <returns>None, or why the replicas cannot be placed.</returns>
    public static Refusal? TryPlace(
        MetadataImage image, int partitionsCount, int replicationFactor, int firstBroker, out int[][] replicas)
    {
        replicas = [];
        var unfenced = new List<int>();
        var fenced = new List<int>();
        foreach (var broker in image.Brokers)
        {
            (broker.IsFenced ? fenced : unfenced).Add(broker.Id);
        }
        if (unfenced.Count == 0)
        {
            return CannotPlace(replicationFactor, "All brokers are currently fenced.");
        }
        if (replicationFactor > image.Brokers.Length)
        {
            return CannotPlace(
                replicationFactor,
                $"The target replication factor of {replicationFactor} cannot be reached because only "
                + $"{image.Brokers.Length} broker(s) are registered.");
        }
        replicas = new int[partitionsCount][];
        for (var partition = 0; partition < partitionsCount; partition++)
        {
            var start = (int)(((long)firstBroker + partition) % unfenced.Count);
            replicas[partition] = Stripe(unfenced, fenced, start, replicationFactor);
        }
        return null;
    }

    private static int[] Stripe(List<int> unfenced, List<int> fenced, int start, int replicationFactor)
    {
        var replicas = new int[replicationFactor];
        for (var i = 0; i < replicas.Length; i++)
        {
            replicas[i] = i < unfenced.Count ? unfenced[(start + i) % unfenced.Count] : fenced[i - unfenced.Count];
        }
        return replicas;
    }

    private static Refusal CannotPlace(int replicationFactor, string why) => new(
        ErrorCode.InvalidReplicationFactor,
        $"Unable to replicate the partition {replicationFactor} time(s): {why}");
}
