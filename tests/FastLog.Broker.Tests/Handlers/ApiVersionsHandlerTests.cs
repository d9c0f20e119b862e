using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class ApiVersionsHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    /// <summary>What Kafka 4.0 serves of the APIs that have a handler here.</summary>
    private static readonly (short Key, short Min, short Max)[] Expected =
    [
        (0, 0, 12), (1, 4, 17), (2, 1, 10), (3, 0, 13), (18, 0, 4), (19, 2, 7), (20, 1, 6), (21, 0, 2),
        (22, 0, 5), (23, 2, 4), (32, 1, 4), (37, 0, 3), (60, 0, 2), (75, 0, 0),
        (8, 2, 9), (9, 1, 9), (10, 0, 6), (11, 2, 9), (12, 0, 4), (13, 0, 5), (14, 0, 5), (15, 0, 6), (16, 0, 5),
        (42, 0, 2), (47, 0, 0), (68, 0, 1), (69, 0, 1),
        (34, 1, 2), (35, 1, 4), (43, 0, 2), (45, 0, 0), (46, 0, 0), (55, 0, 2), (57, 0, 2), (61, 0, 0), (64, 0, 0),
        (65, 0, 0), (66, 0, 1),
        (33, 0, 2), (44, 0, 1), (71, 0, 0), (72, 0, 0), (74, 0, 0),
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Exactly_the_handlers_apis_are_advertised_in_kafkas_ranges(short version)
    {
        var response = Client.Send(Request(), version);

        Assert.Equal(ErrorCode.None, response.ErrorCode);
        Assert.Equal(Expected.Order(), response.ApiKeys.Select(api => (api.ApiKey, api.MinVersion, api.MaxVersion)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(99)]
    [InlineData(short.MaxValue)]
    [InlineData(-1)]
    public void An_unknown_version_is_answered_in_version_0_with_the_versions_there_are(short version)
    {
        var frame = Client.Frame(Request(), 4);
        frame[6] = (byte)(version >> 8);
        frame[7] = (byte)version;

        var response = TestClient.Decode<ApiVersionsResponse>(
            Client.SendBytes(frame), ApiKey.ApiVersions, 0, out var correlationId);

        Assert.Equal(1, correlationId);
        Assert.Equal(ErrorCode.UnsupportedVersion, response.ErrorCode);
        var only = Assert.Single(response.ApiKeys);
        Assert.Equal((18, 0, 4), (only.ApiKey, only.MinVersion, only.MaxVersion));
        Assert.NotEmpty(Client.Send(Request(), 3).ApiKeys);
    }

    [Theory]
    [InlineData("bad name!", "1.0")]
    [InlineData("", "1.0")]
    [InlineData("name", "")]
    [InlineData("-name", "1.0")]
    [InlineData("name.", "1.0")]
    [InlineData("name", "1.0\n")]
    public void A_bad_software_name_or_version_is_an_invalid_request(string name, string softwareVersion)
    {
        var response = Client.Send(
            new ApiVersionsRequest { ClientSoftwareName = name, ClientSoftwareVersion = softwareVersion }, 3);

        Assert.Equal(ErrorCode.InvalidRequest, response.ErrorCode);
        Assert.Empty(response.ApiKeys);
    }

    [Fact]
    public void Version_3_hides_features_whose_lowest_level_is_0()
    {
        Assert.DoesNotContain(Client.Send(Request(), 3).SupportedFeatures, feature => feature.MinVersion == 0);
        var all = Client.Send(Request(), 4);

        Assert.Contains(all.SupportedFeatures, feature => feature.MinVersion == 0);
        var level = Assert.Single(all.FinalizedFeatures, feature => feature.Name == "metadata.version");
        Assert.Equal((25, 25), (level.MinVersionLevel, level.MaxVersionLevel));
        Assert.True(all.FinalizedFeaturesEpoch > 0);
    }

    private static ApiVersionsRequest Request() =>
        new() { ClientSoftwareName = "fastlog-test", ClientSoftwareVersion = "1.0" };
}
