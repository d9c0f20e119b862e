using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Records;

namespace FastLog.Raft;

/// <summary>Reads from control records who votes: a leader's first batch, and the voter sets of KIP-853.</summary>
internal static class QuorumVoters
{
    /// <summary>The voters that a control record names; null when it names none.</summary>
    /// <exception cref="ProtocolException">The record is malformed.</exception>
    public static IReadOnlyList<int>? Read(ControlRecordType type, ReadOnlyMemory<byte> value)
    {
        switch (type)
        {
            case ControlRecordType.LeaderChange:
                var change = new LeaderChangeMessage();
                change.DecodeFrom(value, VersionPrefixed.ReadVersion(value.Span));
                return [.. change.Voters.Select(voter => voter.VoterId)];
            case ControlRecordType.KRaftVoters:
                var voters = new VotersRecord();
                voters.DecodeFrom(value, VersionPrefixed.ReadVersion(value.Span));
                return [.. voters.Voters.Select(voter => voter.VoterId)];
            default:
                return null;
        }
    }

    /// <summary>Refuses a log of a quorum that has other voters: leading it alone would make a second cluster of it.</summary>
    /// <exception cref="RaftException">There are others.</exception>
    public static void CheckAlone(IReadOnlyList<int>? voters, int nodeId, string directory)
    {
        if (voters is { Count: > 0 } && voters.Any(voter => voter != nodeId))
        {
            throw new RaftException(
                $"{directory} is of a quorum with the voters {string.Join(", ", voters)}; node {nodeId} can only lead a quorum of itself");
        }
    }
}
