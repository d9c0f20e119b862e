namespace FastLog.Protocol.Tests;

public sealed class ApiCatalogTests
{
    [Fact]
    public void Produce_is_advertised_below_what_is_served()
    {
        ApiInfo produce = ApiCatalog.Get(ApiKey.Produce);
        Assert.Equal(0, produce.AdvertisedMinVersion);
        Assert.Equal(3, produce.MinVersion);
        Assert.Equal(12, produce.MaxVersion);
        Assert.All(
            ApiCatalog.All.Where(info => info.Key != ApiKey.Produce),
            info => Assert.Equal(info.MinVersion, info.AdvertisedMinVersion));
    }

    [Fact]
    public void Catalog_is_what_kafka_advertises()
    {
        Golden.GoldenFrame frame = Golden.GoldenFrame.All
            .First(f => f.Api == ApiKey.ApiVersions && f.Version == 4 && f.Response.Length > 100);
        var reader = new MessageReader(frame.Response);
        ResponseHeader.Decode(ref reader, ApiKey.ApiVersions, 4);
        var response = new Messages.ApiVersionsResponse();
        response.Decode(ref reader, 4);

        ApiKey[] withTelemetryReceiverOnly = [ApiKey.GetTelemetrySubscriptions, ApiKey.PushTelemetry];
        Assert.Equal(
            response.ApiKeys.Select(a => (a.ApiKey, a.MinVersion, a.MaxVersion)).Order(),
            ApiCatalog.All
                .Where(info => info.Listeners.HasFlag(ApiListeners.Broker) && !info.IsUnstable)
                .Where(info => !withTelemetryReceiverOnly.Contains(info.Key))
                .Select(info => ((short)info.Key, info.AdvertisedMinVersion, info.MaxVersion))
                .Order());
    }

    [Fact]
    public void Requests_and_responses_agree_with_their_row()
    {
        foreach (ApiInfo info in ApiCatalog.All)
        {
            IRequest request = ApiCatalog.CreateRequest(info.Key);
            IResponse response = ApiCatalog.CreateResponse(info.Key);
            Assert.Equal(info.Key, request.ApiKey);
            Assert.Equal(info.Key, response.ApiKey);
            Assert.Equal(info.Versions, request.Versions);
            Assert.Equal(info.Versions, response.Versions);
            Assert.Equal($"{info.Name}Request", request.GetType().Name);
            Assert.Equal(info.Name, info.Key.ToString());
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(88)]
    [InlineData(short.MaxValue)]
    [InlineData(short.MinValue)]
    public void Unknown_keys_are_refused(short key)
    {
        Assert.False(ApiCatalog.TryGet(key, out _));
        Assert.Throws<ProtocolException>(() => ApiCatalog.CreateRequest((ApiKey)key));
        Assert.Throws<ProtocolException>(() => ApiCatalog.CreateResponse((ApiKey)key));
        Assert.Throws<ProtocolException>(() => ApiCatalog.IsFlexible((ApiKey)key, 0));
    }

    [Fact]
    public void Response_headers_of_api_versions_never_have_tags()
    {
        Assert.Equal(4, HeaderBytes(ApiKey.ApiVersions, 3));
        Assert.Equal(4, HeaderBytes(ApiKey.Metadata, 8));
        Assert.Equal(5, HeaderBytes(ApiKey.Metadata, 9));
    }

    private static long HeaderBytes(ApiKey key, short version)
    {
        MessageWriter writer = MessageWriter.Measuring();
        new ResponseHeader(1).Encode(ref writer, key, version);
        return writer.BytesWritten;
    }
}
