using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class UpdateFeaturesHandlerTests
{
    [Fact]
    public async Task What_was_updated_is_told_by_ApiVersions_and_survives_a_restart()
    {
        await using var broker = await TestBroker.StartAsync();
        using (var client = broker.Connect())
        {
            Assert.Equal(["group.version=1", "metadata.version=25", "transaction.version=2"], FinalizedBy(client));
            var epoch = client.Send(Software(), 3).FinalizedFeaturesEpoch;

            Assert.Equal(ErrorCode.None, client.Send(Update("transaction.version", 1, upgradeType: 2), 1).ErrorCode);
            Assert.Equal(ErrorCode.None, client.Send(Update("group.version", 0, upgradeType: 2), 2).ErrorCode);

            Assert.Equal(["metadata.version=25", "transaction.version=1"], FinalizedBy(client));
            Assert.True(client.Send(Software(), 3).FinalizedFeaturesEpoch > epoch);
        }

        await broker.RestartAsync();
        using var again = broker.Connect();
        Assert.Equal(["metadata.version=25", "transaction.version=1"], FinalizedBy(again));
    }

    [Fact]
    public async Task What_is_validated_or_refused_only_changes_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        var validated = Update("group.version", 0, upgradeType: 2);
        validated.ValidateOnly = true;

        Assert.Equal(ErrorCode.None, client.Send(validated, 1).ErrorCode);
        Assert.Equal(ErrorCode.InvalidUpdateVersion, client.Send(Update("group.version", 0, upgradeType: 1), 1).ErrorCode);
        Assert.Equal(ErrorCode.InvalidUpdateVersion, client.Send(Update("group.version", 0), 0).ErrorCode);
        Assert.Equal(ErrorCode.InvalidUpdateVersion, client.Send(Update("group.version", 0, upgradeType: 9), 2).ErrorCode);

        Assert.Contains("group.version=1", FinalizedBy(client));
    }

    [Fact]
    public async Task The_oldest_version_says_with_a_flag_that_it_may_go_down()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = broker.Connect();
        var request = Update("group.version", 0);
        request.FeatureUpdates[0].AllowDowngrade = true;

        var response = client.Send(request, 0);

        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.Equal("group.version", Assert.Single(response.Results).Feature);
        Assert.DoesNotContain("group.version=1", FinalizedBy(client));
    }

    private static ApiVersionsRequest Software() => new() { ClientSoftwareName = "test", ClientSoftwareVersion = "1" };

    private static IEnumerable<string> FinalizedBy(TestClient client) => client.Send(Software(), 3).FinalizedFeatures
        .Select(feature => $"{feature.Name}={feature.MaxVersionLevel}").Order(StringComparer.Ordinal);

    private static UpdateFeaturesRequest Update(string name, short level, sbyte upgradeType = 1)
    {
        var request = new UpdateFeaturesRequest();
        var update = request.FeatureUpdates.Add();
        update.Feature = name;
        update.MaxVersionLevel = level;
        update.UpgradeType = upgradeType;
        return request;
    }
}
