using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Benchmarks.Messages;

/// <summary>Every API of the catalogue in the response.</summary>
public class ApiVersionsBenchmarks : MessageBenchmarks<ApiVersionsRequest, ApiVersionsResponse>
{
    protected override void Fill(ApiVersionsRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.ClientSoftwareName = "benchmark";
        request.ClientSoftwareVersion = "1.0";
    }

    protected override void Fill(ApiVersionsResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        foreach (ApiInfo api in ApiCatalog.All)
        {
            ApiVersionsResponse.ApiVersion entry = response.ApiKeys.Add();
            entry.ApiKey = (short)api.Key;
            entry.MinVersion = api.AdvertisedMinVersion;
            entry.MaxVersion = api.MaxVersion;
        }
    }
}
