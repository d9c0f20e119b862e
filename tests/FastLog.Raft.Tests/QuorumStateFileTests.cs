using System.Text;
using FastLog.Storage;
using FastLog.Storage.Tests;

namespace FastLog.Raft.Tests;

public sealed class QuorumStateFileTests
{
    private const string Directory = "/metadata";

    private readonly SimulatedFileSystem _files = new(seed: 1);

    public QuorumStateFileTests()
    {
        _files.CreateDirectory(Directory);
        _files.SyncDirectory("/");
    }

    [Fact]
    public void A_missing_file_is_the_initial_state() =>
        Assert.Equal(QuorumState.Initial, new QuorumStateFile(_files, Directory).Read());

    [Fact]
    public void The_file_is_kafkas()
    {
        new QuorumStateFile(_files, Directory).Write(new QuorumState { LeaderId = 1, LeaderEpoch = 1 });

        Assert.Equal(
            """{"leaderId":1,"leaderEpoch":1,"votedId":-1,"votedDirectoryId":"AAAAAAAAAAAAAAAAAAAAAA","data_version":1}""",
            Text());
    }

    [Fact]
    public void What_was_written_is_read()
    {
        var state = new QuorumState { LeaderEpoch = 7, VotedId = 3, VotedDirectoryId = Guid.NewGuid() };
        var file = new QuorumStateFile(_files, Directory);
        file.Write(state);

        Assert.Equal(state, file.Read());
    }

    [Fact]
    public void Version_0_is_read()
    {
        Write("""{"clusterId":"","leaderId":1,"leaderEpoch":3,"votedId":-1,"appliedOffset":0,"currentVoters":[{"voterId":1}],"data_version":0}""");

        Assert.Equal(new QuorumState { LeaderId = 1, LeaderEpoch = 3 }, new QuorumStateFile(_files, Directory).Read());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"leaderEpoch":1}""")]
    [InlineData("""{"leaderEpoch":"x","data_version":1}""")]
    [InlineData("""{"votedDirectoryId":"short","data_version":1}""")]
    [InlineData("""{"leaderEpoch":1,"data_version":2}""")]
    public void Anything_else_is_refused(string text)
    {
        Write(text);

        Assert.Throws<RaftException>(() => new QuorumStateFile(_files, Directory).Read());
    }

    [Fact]
    public void A_crash_leaves_the_old_state_or_the_new_one()
    {
        var old = new QuorumState { LeaderId = 1, LeaderEpoch = 1 };
        var next = new QuorumState { LeaderEpoch = 2, VotedId = 1 };
        for (var seed = 0; seed < 40; seed++)
        {
            for (var step = 0; step < 6; step++)
            {
                var files = new SimulatedFileSystem(seed);
                files.CreateDirectory(Directory);
                files.SyncDirectory("/");
                var file = new QuorumStateFile(files, Directory);
                file.Write(old);
                files.StepsToCrash = step;
                var isWritten = true;
                try
                {
                    file.Write(next);
                }
                catch (SimulatedCrashException)
                {
                    isWritten = false;
                }
                files.StepsToCrash = -1;
                files.Crash();
                var found = file.Read();
                Assert.True(found == next || (!isWritten && found == old), $"seed {seed}, step {step}: {found}");
            }
        }
    }

    private string Text()
    {
        using var file = _files.Open(Path.Combine(Directory, "quorum-state"), FileOpenMode.Read);
        var bytes = new byte[file.Length];
        file.Read(0, bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private void Write(string text)
    {
        using var file = _files.Open(Path.Combine(Directory, "quorum-state"), FileOpenMode.CreateOrTruncate);
        file.Write(0, Encoding.UTF8.GetBytes(text));
    }
}
