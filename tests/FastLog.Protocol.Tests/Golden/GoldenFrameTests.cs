using System.Buffers;

namespace FastLog.Protocol.Tests.Golden;

public sealed class GoldenFrameTests
{
    public static TheoryData<ApiKey> Apis => new(GoldenFrame.All.Select(frame => frame.Api).Distinct());

    [Theory]
    [MemberData(nameof(Apis))]
    public void Every_request_decodes_and_encodes_to_the_same_bytes(ApiKey api)
    {
        foreach (GoldenFrame frame in GoldenFrame.All.Where(f => f.Api == api && f.Version != GoldenFrame.UnknownVersion))
        {
            var reader = new MessageReader(frame.Request);
            RequestHeader header = RequestHeader.Decode(ref reader);
            Assert.Equal((short)frame.Api, header.ApiKey);
            Assert.Equal(frame.Version, header.ApiVersion);
            IRequest request = ApiCatalog.CreateRequest(api);
            request.Decode(ref reader, frame.Version);
            Assert.True(reader.Remaining == StrayBytes(frame), $"{reader.Remaining} bytes left of {frame}");

            byte[] encoded = Encode((ref MessageWriter writer) =>
            {
                header.Encode(ref writer);
                request.Encode(ref writer, frame.Version);
            });
            AssertSameBytes(frame.Request.AsSpan(..^StrayBytes(frame)), encoded, frame);
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public void Every_response_decodes_and_encodes_to_the_same_bytes(ApiKey api)
    {
        foreach (GoldenFrame frame in GoldenFrame.All.Where(f => f.Api == api && f.Response.Length > 0))
        {
            var reader = new MessageReader(frame.Response);
            ResponseHeader header = ResponseHeader.Decode(ref reader, api, frame.ResponseVersion);
            IResponse response = ApiCatalog.CreateResponse(api);
            response.Decode(ref reader, frame.ResponseVersion);
            Assert.True(reader.Remaining == 0, $"{reader.Remaining} bytes left of {frame}");

            byte[] encoded = Encode((ref MessageWriter writer) =>
            {
                header.Encode(ref writer, api, frame.ResponseVersion);
                response.Encode(ref writer, frame.ResponseVersion);
            });
            AssertSameBytes(frame.Response, encoded, frame);
        }
    }

    [Fact]
    public void Request_and_response_of_a_pair_share_their_correlation_id()
    {
        foreach (GoldenFrame frame in GoldenFrame.All.Where(f => f.Response.Length > 0))
        {
            var requestReader = new MessageReader(frame.Request);
            var responseReader = new MessageReader(frame.Response);
            Assert.Equal(
                RequestHeader.Decode(ref requestReader).CorrelationId,
                ResponseHeader.Decode(ref responseReader, frame.Api, frame.ResponseVersion).CorrelationId);
        }
    }

    [Fact]
    public void Header_of_a_version_that_does_not_exist_is_readable()
    {
        GoldenFrame frame = GoldenFrame.All.Single(f => f.Version == GoldenFrame.UnknownVersion);
        var reader = new MessageReader(frame.Request);
        RequestHeader header = RequestHeader.Decode(ref reader);
        Assert.Equal((short)ApiKey.ApiVersions, header.ApiKey);
        Assert.Equal("golden", header.ClientId);

        var response = new Messages.ApiVersionsResponse();
        var responseReader = new MessageReader(frame.Response);
        ResponseHeader.Decode(ref responseReader, ApiKey.ApiVersions, 0);
        response.Decode(ref responseReader, 0);
        Assert.Equal(ErrorCode.UnsupportedVersion, response.ErrorCode);
        Assert.Equal((short)ApiKey.ApiVersions, Assert.Single(response.ApiKeys).ApiKey);
    }

    [Fact]
    public void Recorded_pairs_cover_every_stable_version_that_brokers_serve()
    {
        // Telemetry is served only by a broker that has a metrics receiver, which the recorded one had not.
        ApiKey[] unrecorded = [ApiKey.GetTelemetrySubscriptions, ApiKey.PushTelemetry];
        HashSet<(ApiKey, short)> recorded = GoldenFrame.All.Select(f => (f.Api, f.Version)).ToHashSet();
        IEnumerable<(ApiKey, short)> missing =
            from info in ApiCatalog.All
            where info.Listeners.HasFlag(ApiListeners.Broker) && !unrecorded.Contains(info.Key)
            from version in Enumerable.Range(info.MinVersion, info.MaxVersion - info.MinVersion + 1)
            where !recorded.Contains((info.Key, (short)version))
            select (info.Key, (short)version);
        Assert.Empty(missing);
    }

    /// <summary>Bytes that librdkafka sends behind a body, and that Kafka ignores.</summary>
    private static int StrayBytes(GoldenFrame frame) => (frame.Api, frame.Version, IsLibrdkafka(frame)) switch
    {
        (ApiKey.AlterUserScramCredentials, _, true) => 1,
        (ApiKey.Metadata, 13, true) when frame.Request.AsSpan().EndsWith("\0\0\0\x01\0\0"u8) => 3,
        _ => 0,
    };

    private static bool IsLibrdkafka(GoldenFrame frame) =>
        frame.Client.Contains("librdkafka", StringComparison.Ordinal)
        || frame.Client.StartsWith("@confluentinc", StringComparison.Ordinal);

    private static byte[] Encode(WriteAction write)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessageWriter(output);
        write(ref writer);
        Assert.True(writer.BytesWritten > 0);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void AssertSameBytes(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual, GoldenFrame frame)
    {
        int common = expected.CommonPrefixLength(actual);
        Assert.True(
            common == expected.Length && common == actual.Length,
            $"{frame}: differs at byte {common} of {expected.Length}");
    }

    private delegate void WriteAction(ref MessageWriter writer);
}
