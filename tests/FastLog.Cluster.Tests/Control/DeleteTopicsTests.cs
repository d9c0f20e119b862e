using FastLog.Protocol;

namespace FastLog.Cluster.Tests.Control;

public sealed class DeleteTopicsTests
{
    private readonly TestCluster _cluster = new();
    private readonly Guid _a;
    private readonly Guid _b;
    private readonly Guid _unknown = new("ffffffff-0000-0000-0000-000000000009");

    public DeleteTopicsTests()
    {
        _a = _cluster.Create(new NewTopic { Name = "a", PartitionsCount = 2, Configs = [new("x", "1")] }).TopicId;
        _b = _cluster.Create(new NewTopic { Name = "b" }).TopicId;
    }

    [Fact]
    public void A_topic_is_deleted_by_name_or_by_id_and_both_are_told()
    {
        var results = _cluster.Delete(new TopicReference("a", Guid.Empty), new TopicReference(null, _b));

        Assert.Equal(
            [new("a", _a, ErrorCode.None, null), new DeleteTopicResult("b", _b, ErrorCode.None, null)], results);
        Assert.Equal(0, _cluster.Image.TopicsCount);
        Assert.Null(_cluster.Image.FindTopic(_a));
        Assert.Equal(["a", "b"], _cluster.LastDelta!.RemovedTopics.Select(topic => topic.Name).Order());
    }

    [Fact]
    public void An_unknown_name_and_an_unknown_id_have_errors_of_their_own()
    {
        var results = _cluster.Delete(new TopicReference("nobody", Guid.Empty), new TopicReference(null, _unknown));

        Assert.Equal(
            [ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicId], results.Select(result => result.Error));
        Assert.Equal(2, _cluster.Image.TopicsCount);
    }

    [Fact]
    public void What_is_named_twice_is_refused_once()
    {
        var results = _cluster.Delete(
            new TopicReference("a", Guid.Empty), new TopicReference("a", Guid.Empty),
            new TopicReference(null, _b), new TopicReference(null, _b));

        Assert.Equal(
            [
                new("a", Guid.Empty, ErrorCode.InvalidRequest, "Duplicate topic name."),
                new DeleteTopicResult(null, _b, ErrorCode.InvalidRequest, "Duplicate topic id."),
            ],
            results);
        Assert.Equal(2, _cluster.Image.TopicsCount);
    }

    [Fact]
    public void A_topic_named_by_name_and_by_id_is_refused_both_times()
    {
        var results = _cluster.Delete(new TopicReference("a", Guid.Empty), new TopicReference(null, _a));

        Assert.All(results, result => Assert.Equal(ErrorCode.InvalidRequest, result.Error));
        Assert.Equal(
            "The provided topic name maps to an ID that was already supplied.", results[0].Message);
        Assert.Equal(2, _cluster.Image.TopicsCount);
    }

    [Fact]
    public void A_reference_is_a_name_or_an_id()
    {
        var results = _cluster.Delete(new TopicReference(null, Guid.Empty), new TopicReference("a", _a));

        Assert.Equal(
            ["Neither topic name nor id were specified.", "You may not specify both topic name and topic id."],
            results.Select(result => result.Message));
        Assert.All(results, result => Assert.Equal(ErrorCode.InvalidRequest, result.Error));
    }

    [Fact]
    public void Deletion_can_be_switched_off()
    {
        var cluster = new TestCluster(new ControllerOptions { DeleteTopicEnable = false });
        cluster.Create(new NewTopic { Name = "a" });

        var result = Assert.Single(cluster.Delete(new TopicReference("a", Guid.Empty)));

        Assert.Equal(ErrorCode.TopicDeletionDisabled, result.Error);
        Assert.NotNull(cluster.Image.FindTopic("a"));
    }

    [Fact]
    public void A_topic_made_again_is_another_one_without_the_old_ones_configuration()
    {
        _cluster.Delete(new TopicReference("a", Guid.Empty));
        var again = _cluster.Create(new NewTopic { Name = "a" });

        Assert.NotEqual(_a, again.TopicId);
        Assert.Empty(_cluster.Image.FindTopic("a")!.Overrides);
        Assert.Equal(1, _cluster.Image.FindTopic("a")!.PartitionsCount);
    }
}
