using System.Text.RegularExpressions;
using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>
/// ApiVersions: what this broker answers and in which versions. A version it does not know is answered too, in
/// version 0 with UNSUPPORTED_VERSION, since that is how clients find a common one (KIP-511).
/// </summary>
internal sealed partial class ApiVersionsHandler(IBrokerView broker) : RequestHandler
{
    /// <summary>The APIs to advertise; set once all handlers exist, this one among them.</summary>
    public IReadOnlyList<ApiInfo> Apis { get; set; } = [];

    public override ApiKey ApiKey => ApiKey.ApiVersions;

    internal override void Handle(in RequestContext context, ref MessageReader body)
    {
        var response = new ApiVersionsResponse();
        if (!ApiCatalog.Get(ApiKey.ApiVersions).Versions.Contains(context.Version))
        {
            response.ErrorCode = ErrorCode.UnsupportedVersion;
            Advertise(response, ApiCatalog.Get(ApiKey.ApiVersions));
            context.Respond(response, version: 0);
            return;
        }

        var request = new ApiVersionsRequest();
        request.Decode(ref body, context.Version);
        if (context.Version >= 3 && !(IsSoftwareName(request.ClientSoftwareName) && IsSoftwareName(request.ClientSoftwareVersion)))
        {
            response.ErrorCode = ErrorCode.InvalidRequest;
        }
        else
        {
            context.State.SoftwareName = request.ClientSoftwareName;
            context.State.SoftwareVersion = request.ClientSoftwareVersion;
            foreach (var api in Apis)
            {
                Advertise(response, api);
            }

            AddFeatures(response, context.Version);
        }

        context.Respond(response);
    }

    private static void Advertise(ApiVersionsResponse response, ApiInfo api)
    {
        var entry = response.ApiKeys.Add();
        entry.ApiKey = (short)api.Key;
        entry.MinVersion = api.AdvertisedMinVersion;
        entry.MaxVersion = api.MaxVersion;
    }

    private void AddFeatures(ApiVersionsResponse response, short version)
    {
        var image = broker.Image;
        if (image.FindBroker(broker.NodeId) is { } self)
        {
            foreach (var feature in self.Features)
            {
                // Version 3 clients cannot read a minimum of 0; Kafka hides such features from them.
                if (version >= 4 || feature.MinLevel > 0)
                {
                    var entry = response.SupportedFeatures.Add();
                    entry.Name = feature.Name;
                    entry.MinVersion = feature.MinLevel;
                    entry.MaxVersion = feature.MaxLevel;
                }
            }
        }

        response.FinalizedFeaturesEpoch = image.LastOffset;
        foreach (var (name, level) in image.Features)
        {
            var entry = response.FinalizedFeatures.Add();
            entry.Name = name;
            entry.MinVersionLevel = level;
            entry.MaxVersionLevel = level;
        }
    }

    private static bool IsSoftwareName(string name) => SoftwareName().IsMatch(name);

    [GeneratedRegex(@"\A[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex SoftwareName();
}
