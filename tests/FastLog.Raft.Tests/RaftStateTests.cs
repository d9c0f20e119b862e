namespace FastLog.Raft.Tests;

public sealed class RaftStateTests
{
    [Fact]
    public void A_lone_voter_votes_for_itself_stores_it_and_leads()
    {
        var state = new RaftState(1, [1], QuorumState.Initial, logEpoch: 0);

        var vote = state.BecomeCandidate();
        Assert.Equal(new QuorumState { LeaderEpoch = 1, VotedId = 1 }, vote);
        Assert.Equal((RaftRole.Unattached, 0), (state.Role, state.Epoch));
        state.Stored();
        Assert.Equal((RaftRole.Candidate, 1, -1), (state.Role, state.Epoch, state.LeaderId));

        var won = state.VoteGranted(1, 1);
        Assert.Equal(new QuorumState { LeaderId = 1, LeaderEpoch = 1 }, won);
        Assert.Equal(RaftRole.Candidate, state.Role);
        state.Stored();
        Assert.Equal((RaftRole.Leader, 1, 1), (state.Role, state.Epoch, state.LeaderId));
        Assert.Equal([1], state.GrantingVoters);
    }

    [Theory]
    [InlineData(5, 0, 6)]
    [InlineData(5, 5, 6)]
    [InlineData(0, 9, 10)]
    [InlineData(3, 9, 10)]
    public void An_epoch_is_never_used_twice_even_if_the_file_was_lost(int stored, int inLog, int next)
    {
        var state = new RaftState(1, [1], new QuorumState { LeaderEpoch = stored, LeaderId = 1 }, inLog);

        Assert.Equal(next, state.BecomeCandidate().LeaderEpoch);
    }

    [Fact]
    public void One_vote_of_three_is_no_majority_and_two_are()
    {
        var state = new RaftState(2, [1, 2, 3], QuorumState.Initial, logEpoch: 0);
        state.BecomeCandidate();
        state.Stored();

        Assert.Null(state.VoteGranted(2, 1));
        Assert.Null(state.VoteGranted(4, 1));
        Assert.Null(state.VoteGranted(3, 0));
        Assert.Equal(RaftRole.Candidate, state.Role);
        Assert.NotNull(state.VoteGranted(3, 1));
        state.Stored();

        Assert.Equal(RaftRole.Leader, state.Role);
        Assert.Equal([2, 3], state.GrantingVoters);
        Assert.Null(state.VoteGranted(1, 1));
    }

    [Fact]
    public void Votes_of_an_election_before_do_not_count_in_the_next()
    {
        var state = new RaftState(1, [1, 2, 3, 4, 5], QuorumState.Initial, logEpoch: 0);
        state.BecomeCandidate();
        state.Stored();
        Assert.Null(state.VoteGranted(2, 1));

        state.BecomeCandidate();
        state.Stored();

        Assert.Equal([1], state.GrantingVoters);
        Assert.Null(state.VoteGranted(3, 2));
    }

    [Fact]
    public void No_step_is_taken_before_the_one_before_it_is_stored()
    {
        var state = new RaftState(1, [1], QuorumState.Initial, logEpoch: 0);
        state.BecomeCandidate();

        Assert.Throws<InvalidOperationException>(() => state.VoteGranted(1, 1));
        Assert.Throws<InvalidOperationException>(() => state.BecomeCandidate());
    }
}
