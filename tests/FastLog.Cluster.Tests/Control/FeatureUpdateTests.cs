using FastLog.Protocol;
using FastLog.Raft;

namespace FastLog.Cluster.Tests.Control;

public sealed class FeatureUpdateTests
{
    private const FeatureUpgradeType Up = FeatureUpgradeType.Upgrade;
    private const FeatureUpgradeType Safe = FeatureUpgradeType.SafeDowngrade;
    private const FeatureUpgradeType Unsafe = FeatureUpgradeType.UnsafeDowngrade;

    private readonly TestCluster _cluster = new();

    public FeatureUpdateTests() => _cluster.Apply(ControllerState.Bootstrap(_cluster.Image));

    [Fact]
    public void A_new_cluster_has_the_features_of_a_new_one_of_Kafkas()
    {
        Assert.Equal(25, _cluster.Image.Features["metadata.version"]);
        Assert.Equal(1, _cluster.Image.Features["group.version"]);
        Assert.Equal(2, _cluster.Image.Features["transaction.version"]);
        Assert.Equal(3, _cluster.Image.Features.Count);
    }

    [Fact]
    public void A_feature_goes_down_and_up_again()
    {
        Assert.Equal(ErrorCode.None, Update(("group.version", 0, Safe), ("transaction.version", 1, Unsafe)).Error);
        Assert.False(_cluster.Image.Features.ContainsKey("group.version"));
        Assert.Equal(1, _cluster.Image.Features["transaction.version"]);

        Assert.Equal(ErrorCode.None, Update(("group.version", 1, Up)).Error);
        Assert.Equal(1, _cluster.Image.Features["group.version"]);
    }

    [Fact]
    public void The_level_that_is_there_already_is_no_change()
    {
        var decision = Decide(false, ("group.version", 1, Up), ("metadata.version", 25, Safe));

        Assert.Equal(ErrorCode.None, decision.Result.Error);
        Assert.Empty(decision.Records);
    }

    [Fact]
    public void Checked_only_nothing_changes()
    {
        var decision = Decide(true, ("group.version", 0, Safe));

        Assert.Equal(ErrorCode.None, decision.Result.Error);
        Assert.Empty(decision.Records);
    }

    [Theory]
    [InlineData("nope", 1, Up, "Local controller 1 does not support this feature.")]
    [InlineData("nope", 0, Safe, "Local controller 1 does not support this feature.")]
    [InlineData("group.version", 2, Up, "Local controller 1 only supports versions 0-1")]
    [InlineData("group.version", -1, Safe, "A feature version cannot be less than 0.")]
    [InlineData("group.version", 0, Up, "Can't downgrade the version of this feature without setting the upgrade type")]
    [InlineData("group.version", 0, FeatureUpgradeType.Unknown, "The controller does not support the given upgrade type.")]
    [InlineData("group.version", 0, (FeatureUpgradeType)4, "The controller does not support the given upgrade type.")]
    [InlineData("kraft.version", 1, Up, "The voters of this quorum are fixed")]
    [InlineData("metadata.version", 0, Safe, "Local controller 1 only supports versions 7-25")]
    [InlineData("metadata.version", 22, Safe, "Refusing to perform the requested downgrade")]
    [InlineData("metadata.version", 22, Unsafe, "Unsafe metadata downgrade is not supported in this version.")]
    public void What_cannot_be_is_refused_with_the_reason(string name, short level, FeatureUpgradeType type, string reason)
    {
        var before = _cluster.Image;

        var result = Update((name, level, type));

        Assert.Equal(ErrorCode.InvalidUpdateVersion, result.Error);
        Assert.StartsWith(
            "The update failed for all features since the following feature had an error: "
                + $"Invalid update version {level} for feature {name}. ",
            result.Message,
            StringComparison.Ordinal);
        Assert.Contains(reason, result.Message, StringComparison.Ordinal);
        Assert.Same(before.Features, _cluster.Image.Features);
    }

    [Fact]
    public void A_downgrade_is_no_way_up()
    {
        Update(("group.version", 0, Safe));

        Assert.Contains("Can't downgrade to a newer version.", Update(("group.version", 1, Safe)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Metadata_in_the_same_format_may_go_down()
    {
        Assert.Equal(ErrorCode.None, Update(("metadata.version", 23, Safe)).Error);
        Assert.Equal(23, _cluster.Image.Features["metadata.version"]);
    }

    [Fact]
    public void One_that_fails_fails_all()
    {
        Assert.Equal(ErrorCode.InvalidUpdateVersion, Update(("group.version", 0, Safe), ("nope", 1, Up)).Error);
        Assert.Equal(1, _cluster.Image.Features["group.version"]);
    }

    [Fact]
    public void A_broker_that_does_not_know_the_feature_holds_it_back()
    {
        Update(("group.version", 0, Safe));
        _cluster.Apply(ControllerState.RegisterBroker(
            TestCluster.Registration(7) with { Features = [] }, _cluster.Image.LastOffset + 1).Records);

        Assert.Contains(
            "Broker 7 does not support this feature.", Update(("group.version", 1, Up)).Message, StringComparison.Ordinal);
    }

    private UpdateFeaturesResult Update(params (string Name, short Level, FeatureUpgradeType Type)[] updates)
    {
        var decision = Decide(false, updates);
        _cluster.Apply(decision.Records);
        return decision.Result;
    }

    private Decision<UpdateFeaturesResult> Decide(
        bool validateOnly, params (string Name, short Level, FeatureUpgradeType Type)[] updates) =>
        ControllerState.UpdateFeatures(
            _cluster.Image, 1, [.. updates.Select(update => new FeatureUpdate(update.Name, update.Level, update.Type))], validateOnly);
}
