namespace FastLog.Cluster.Tests.Control;

public sealed class DirectoryDecisionTests
{
    private static readonly Guid Found = new("11111111-2222-3333-4444-555555555555");

    [Fact]
    public void A_replica_found_elsewhere_is_taken_down_and_one_in_its_place_is_not()
    {
        var cluster = new TestCluster();
        cluster.Create(new NewTopic { Name = "t", PartitionsCount = 2 });
        var known = cluster.Image.FindTopic("t")!.Partitions[1].DirectoryOf(1);

        cluster.Apply(ControllerState.AssignDirectories(cluster.Image, 1, (_, index) => index == 0 ? Found : known));

        var topic = cluster.Image.FindTopic("t")!;
        Assert.Equal((Found, 1, 1, 0), Of(topic.Partitions[0]));
        Assert.Equal((known, 0, 1, 0), Of(topic.Partitions[1]));
        Assert.Empty(ControllerState.AssignDirectories(cluster.Image, 1, (_, _) => null));

        static (Guid, int, int, int) Of(PartitionImage partition) =>
            (partition.DirectoryOf(1), partition.PartitionEpoch, partition.Leader, partition.LeaderEpoch);
    }

    [Fact]
    public void What_lies_in_a_lost_directory_loses_its_leader_until_the_directory_is_back()
    {
        var cluster = new TestCluster();
        cluster.Create(new NewTopic { Name = "t", PartitionsCount = 2 });
        var kept = cluster.Image.FindTopic("t")!.Partitions[1].DirectoryOf(1);
        cluster.Apply(ControllerState.AssignDirectories(cluster.Image, 1, (_, index) => index == 0 ? Found : kept));

        cluster.Apply(ControllerState.LoseDirectories(cluster.Image, 1, [kept]));

        Assert.Equal([PartitionImage.NoLeader, 1], Leaders());
        Assert.Equal([kept], cluster.Image.FindBroker(1)!.LogDirectoryIds);
        cluster.Apply(ControllerState.LoseDirectories(cluster.Image, 1, [kept, Found]));
        cluster.Apply(ControllerState.ElectAfterRestart(cluster.Image, 1));
        Assert.Equal([1, 1], Leaders());
        cluster.Apply(ControllerState.AssignDirectories(cluster.Image, 1, (_, index) => index == 1 ? Guid.NewGuid() : null));
        cluster.Apply(ControllerState.ElectAfterRestart(cluster.Image, 1));
        Assert.Equal([1, PartitionImage.NoLeader], Leaders());

        IEnumerable<int> Leaders() => cluster.Image.FindTopic("t")!.Partitions.ToArray().Select(partition => partition.Leader);
    }
}
