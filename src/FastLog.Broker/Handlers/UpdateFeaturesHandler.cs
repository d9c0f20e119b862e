using FastLog.Broker.Requests;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>UpdateFeatures (KIP-584): answered when the new levels are in the metadata log and hold.</summary>
internal sealed class UpdateFeaturesHandler(IBrokerView broker, Controller controller)
    : RequestHandler<UpdateFeaturesRequest, UpdateFeaturesResponse>
{
    public override ApiKey ApiKey => ApiKey.UpdateFeatures;

    internal override async ValueTask<UpdateFeaturesResponse> HandleAsync(
        RequestContext context, UpdateFeaturesRequest request)
    {
        var updates = request.FeatureUpdates
            .Select(update => new FeatureUpdate(update.Feature, update.MaxVersionLevel, TypeOf(update, context.Version)))
            .ToList();
        var result = await controller
            .UpdateFeaturesAsync(broker.NodeId, updates, request.ValidateOnly, CancellationToken.None)
            .ConfigureAwait(false);
        var response = new UpdateFeaturesResponse { ErrorCode = result.Error, ErrorMessage = result.Message };
        if (result.Error == ErrorCode.None && context.Version < 2)
        {
            foreach (var name in updates.Select(update => update.Name).Distinct())
            {
                var entry = response.Results.Add();
                entry.Feature = name;
                entry.ErrorMessage = ErrorCode.None.Name();
            }
        }

        return response;
    }

    private static FeatureUpgradeType TypeOf(UpdateFeaturesRequest.FeatureUpdateKey update, short version) =>
        version > 0 ? (FeatureUpgradeType)update.UpgradeType
        : update.AllowDowngrade ? FeatureUpgradeType.SafeDowngrade
        : FeatureUpgradeType.Upgrade;
}
