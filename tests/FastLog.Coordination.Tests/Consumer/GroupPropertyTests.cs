namespace FastLog.Coordination.Tests.Consumer;

public sealed class GroupPropertyTests
{
    [Theory]
    [InlineData(1_000, 40)]
    [InlineData(2_000, 40)]
    [InlineData(3_000, 40)]
    public void No_partition_ever_has_two_owners_and_in_the_end_each_has_one(int firstSeed, int count)
    {
        var moves = 0;
        for (var seed = firstSeed; seed < firstSeed + count; seed++)
        {
            var group = new SimulatedGroup(seed);
            group.Storm(steps: 800);
            group.Calm();
            group.CheckRest();
            moves += group.MovesCount;
        }

        // The storms must have been ones in which partitions did move.
        Assert.True(moves > count * 10, $"{moves} moves");
    }
}
