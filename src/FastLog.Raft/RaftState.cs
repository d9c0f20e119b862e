namespace FastLog.Raft;

/// <summary>What a voter is at the moment.</summary>
public enum RaftRole
{
    /// <summary>Knows no leader of its epoch.</summary>
    Unattached,

    /// <summary>Asks for votes in its epoch; has voted for itself.</summary>
    Candidate,

    /// <summary>Has the votes of a majority in its epoch; it alone appends.</summary>
    Leader,
}

/// <summary>
/// KRaft's rules of who may lead, as far as a quorum of one meets them: no clock, disk or network. Every step gives
/// back the state that the shell must store before it acts on the step; the step counts only once the shell has said
/// so (<see cref="Stored"/>). A vote that was acted on and forgotten in a crash would allow two leaders of one epoch.
/// </summary>
public sealed class RaftState
{
    private readonly int _nodeId;
    private readonly int[] _voters;
    private readonly HashSet<int> _grantingVoters = [];
    private QuorumState _stored;
    private QuorumState? _unstored;

    /// <summary>Starts from what was stored; a leader of before the restart has to be elected anew.</summary>
    /// <param name="nodeId">This node.</param>
    /// <param name="voters">All voters, this node among them.</param>
    /// <param name="stored">The state that <see cref="QuorumStateFile"/> held.</param>
    /// <param name="logEpoch">Epoch of the last batch in the log, 0 for an empty log.</param>
    public RaftState(int nodeId, IReadOnlyList<int> voters, QuorumState stored, int logEpoch)
    {
        ArgumentNullException.ThrowIfNull(voters);
        ArgumentNullException.ThrowIfNull(stored);
        _nodeId = nodeId;
        _voters = [.. voters];
        Invariant.Check(Array.IndexOf(_voters, nodeId) >= 0, "only a voter keeps a quorum state");
        Invariant.Check(stored.LeaderEpoch >= 0 && logEpoch >= 0, "epochs are not negative");

        // The log may be ahead of the file when the file was lost; an epoch must never be used a second time.
        _stored = logEpoch > stored.LeaderEpoch ? new QuorumState { LeaderEpoch = logEpoch } : stored;
    }

    /// <summary>What this node is; changes only with <see cref="Stored"/>.</summary>
    public RaftRole Role { get; private set; } = RaftRole.Unattached;

    /// <summary>The epoch this node is in.</summary>
    public int Epoch => _stored.LeaderEpoch;

    /// <summary>The leader of <see cref="Epoch"/>, or <see cref="QuorumState.NoNode"/>.</summary>
    public int LeaderId => Role == RaftRole.Leader ? _nodeId : QuorumState.NoNode;

    /// <summary>The voters that granted this node its epoch, ascending.</summary>
    public IReadOnlyList<int> GrantingVoters => [.. _grantingVoters.Order()];

    /// <summary>All voters.</summary>
    public IReadOnlyList<int> Voters => _voters;

    private bool HasMajority => _grantingVoters.Count > _voters.Length / 2;

    /// <summary>The election time has come: go to the next epoch and vote for oneself.</summary>
    /// <returns>What must be stored before anybody is asked for a vote.</returns>
    public QuorumState BecomeCandidate()
    {
        CheckNothingUnstored();
        Invariant.Check(Role != RaftRole.Leader, "a leader does not stand for election");
        _unstored = new QuorumState
        {
            LeaderId = QuorumState.NoNode,
            LeaderEpoch = checked(_stored.LeaderEpoch + 1),
            VotedId = _nodeId,
        };
        return _unstored;
    }

    /// <summary>A voter has granted its vote for this node in an epoch.</summary>
    /// <param name="voterId">Who granted it.</param>
    /// <param name="epoch">In which epoch; votes of other epochs are ignored.</param>
    /// <returns>What must be stored before acting as leader, if that was the vote missing; else null.</returns>
    public QuorumState? VoteGranted(int voterId, int epoch)
    {
        CheckNothingUnstored();
        if (Role != RaftRole.Candidate || epoch != Epoch || Array.IndexOf(_voters, voterId) < 0)
        {
            return null;
        }
        _grantingVoters.Add(voterId);
        if (!HasMajority)
        {
            return null;
        }
        _unstored = new QuorumState { LeaderId = _nodeId, LeaderEpoch = Epoch };
        return _unstored;
    }

    /// <summary>The state last handed out is on disk: it holds from now on.</summary>
    public void Stored()
    {
        Invariant.Check(_unstored is not null, "there was something to store");
        var next = _unstored;
        Invariant.Check(next.LeaderEpoch >= _stored.LeaderEpoch, "an epoch never goes back");
        _unstored = null;
        _stored = next;
        if (next.LeaderId == _nodeId)
        {
            Invariant.Check(HasMajority, "a leader has the votes of a majority");
            Role = RaftRole.Leader;
        }
        else
        {
            Role = RaftRole.Candidate;
            _grantingVoters.Clear();
            _grantingVoters.Add(_nodeId);
        }
    }

    private void CheckNothingUnstored() =>
        Invariant.Check(_unstored is null, "the step before must be stored before the next one");
}
