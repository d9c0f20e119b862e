using Xunit.Sdk;

namespace FastLog.Coordination.Tests.Classic;

public sealed class ClassicSimulationTests
{
    private const int SeedsPerPart = 40;

    /// <summary>
    /// Random joins, leaves, crashes, pauses, restarts of static members, lost, late and repeated messages, writes that are
    /// refused, and coordinators that are killed or moved.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_partition_has_one_owner_of_the_generation_whatever_happens(int part)
    {
        var stableMoments = 0;
        for (var seed = part * 1_000; seed < (part * 1_000) + SeedsPerPart; seed++)
        {
            try
            {
                var simulation = new ClassicSimulation(seed);
                for (var round = 0; round < 3; round++)
                {
                    simulation.Round();
                }

                stableMoments += simulation.StableMoments;
            }
            catch (Exception e) when (e is XunitException or InvalidOperationException)
            {
                throw new XunitException($"seed {seed}: {e}");
            }
        }

        Assert.True(stableMoments > 500, "the groups were stable at times");
    }
}
