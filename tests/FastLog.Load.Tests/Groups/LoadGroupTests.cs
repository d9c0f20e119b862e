using FastLog.Load.Membership;

namespace FastLog.Load.Tests.Groups;

/// <summary>When a group counts as stable.</summary>
public sealed class LoadGroupTests
{
    private readonly MemberCounts _counts = new(groupsCount: 1);
    private readonly LoadGroup _group;

    public LoadGroupTests() => _group = new LoadGroup("g", membersCount: 2, partitionsCount: 3, _counts);

    [Fact]
    public void One_generation_and_one_owner_of_each_partition_make_it_stable()
    {
        _group.Set(0, 1, [0, 2]);
        Assert.False(_counts.AllStable.IsCompleted);
        _group.Set(1, 1, [1]);
        Assert.True(_counts.AllStable.IsCompleted);
        Assert.Equal((1L, 1L), (_counts.StableCount, _counts.RebalancesCount));
    }

    [Theory]
    [InlineData(1, new[] { 0, 1 })]
    [InlineData(1, new int[0])]
    [InlineData(1, new[] { 3 })]
    [InlineData(2, new[] { 1 })]
    public void Anything_else_does_not(int generation, int[] owned)
    {
        _group.Set(0, 1, [0, 2]);
        _group.Set(1, generation, owned);
        Assert.Equal(0, _counts.StableCount);
    }

    [Fact]
    public void A_member_that_leaves_unsettles_it()
    {
        _group.Set(0, 1, [0, 2]);
        _group.Set(1, 1, [1]);
        _group.Leave(1);
        Assert.Equal(0, _counts.StableCount);
        _group.Set(0, 2, [0, 1, 2]);
        _group.Set(1, 2, []);
        Assert.Equal((1L, 2L), (_counts.StableCount, _counts.RebalancesCount));
    }
}
