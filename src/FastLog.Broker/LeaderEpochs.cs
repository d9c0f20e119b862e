using FastLog.Cluster;
using FastLog.Protocol;

namespace FastLog.Broker;

/// <summary>Clients that know a leader epoch are told when it is not ours (KIP-320).</summary>
internal static class LeaderEpochs
{
    /// <summary>Compares the epoch a request carries with the partition's; -1 asks for no check.</summary>
    public static ErrorCode Check(Partition partition, int currentLeaderEpoch)
    {
        if (currentLeaderEpoch < 0)
        {
            return ErrorCode.None;
        }

        var known = partition.LeaderEpoch;
        return currentLeaderEpoch < known ? ErrorCode.FencedLeaderEpoch
            : currentLeaderEpoch > known ? ErrorCode.UnknownLeaderEpoch
            : ErrorCode.None;
    }
}
