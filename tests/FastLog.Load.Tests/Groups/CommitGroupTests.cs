using FastLog.Load.Committing;

namespace FastLog.Load.Tests.Groups;

/// <summary>What a load holds kept offsets against.</summary>
public sealed class CommitGroupTests
{
    private const int Partitions = 3;

    private const long Start = 1_000;

    private readonly CommitGroup _group = new("g", index: 7, Partitions, Start);

    [Fact]
    public void The_newest_acknowledged_commit_is_right_and_no_other()
    {
        Commit(3);
        Assert.Null(_group.Judge(1, _group.OffsetOf(Start + 3, 1)));
        Assert.NotNull(_group.Judge(1, _group.OffsetOf(Start + 2, 1)));
        Assert.NotNull(_group.Judge(1, _group.OffsetOf(Start + 4, 1)));
        Assert.NotNull(_group.Judge(1, -1));
    }

    [Fact]
    public void Offsets_of_another_partition_or_group_are_wrong()
    {
        Commit(3);
        Assert.NotNull(_group.Judge(1, _group.OffsetOf(Start + 3, 2)));
        Assert.NotNull(_group.Judge(1, new CommitGroup("other", index: 8, Partitions, Start).OffsetOf(Start + 3, 1)));
    }

    [Fact]
    public void What_was_sent_later_and_not_acknowledged_may_be_kept_or_not()
    {
        Commit(2);
        _group.Next();
        Assert.Null(_group.Judge(0, _group.OffsetOf(Start + 2, 0)));
        Assert.Null(_group.Judge(0, _group.OffsetOf(Start + 3, 0)));
        Assert.NotNull(_group.Judge(0, _group.OffsetOf(Start + 1, 0)));
        Assert.NotNull(_group.Judge(0, _group.OffsetOf(Start + 2, 0) + 1));
        Assert.NotNull(_group.Judge(0, _group.OffsetOf(Start + 4, 0)));
    }

    [Fact]
    public void Before_the_first_acknowledgement_anything_may_be_kept()
    {
        Assert.Null(_group.Judge(0, -1));
        _group.Next();
        Assert.Null(_group.Judge(0, -1));
        Assert.Null(_group.Judge(0, _group.OffsetOf(Start + 1, 0)));
        Assert.Null(_group.Judge(0, 20));
        _group.Acknowledge(Start + 1);
        Assert.NotNull(_group.Judge(0, 20));
    }

    private void Commit(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _group.Acknowledge(_group.Next());
        }
    }
}
