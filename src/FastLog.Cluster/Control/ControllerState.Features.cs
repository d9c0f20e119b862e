using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <content>UpdateFeatures (KIP-584, KIP-778, KIP-1022).</content>
public sealed partial class ControllerState
{
    /// <summary>Moves features to other levels, all or none.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="controllerId">The node that decides, for the messages.</param>
    /// <param name="updates">The features; of one that is named twice the last is meant.</param>
    /// <param name="validateOnly">Check and answer, but change nothing.</param>
    public static Decision<UpdateFeaturesResult> UpdateFeatures(
        MetadataImage image, int controllerId, IReadOnlyList<FeatureUpdate> updates, bool validateOnly)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(updates);
        var records = new List<MetadataRecord>();
        foreach (var update in updates.GroupBy(update => update.Name).Select(group => group.Last()))
        {
            if (FindFault(image, controllerId, update) is { } fault)
            {
                var message = "The update failed for all features since the following feature had an error: "
                    + $"Invalid update version {update.Level} for feature {update.Name}. {fault}";
                return new([], new UpdateFeaturesResult(ErrorCode.InvalidUpdateVersion, message));
            }
            if (update.Level != LevelOf(image, update.Name))
            {
                records.Add(RecordVersions.Versioned(
                    new FeatureLevelRecord { Name = update.Name, FeatureLevel = update.Level }));
            }
        }
        return new(validateOnly ? [] : records, new UpdateFeaturesResult(ErrorCode.None, null));
    }

    private static short LevelOf(MetadataImage image, string feature) => image.Features.GetValueOrDefault(feature);

    private static string? FindFault(MetadataImage image, int controllerId, FeatureUpdate update)
    {
        if (update.Type is not (FeatureUpgradeType.Upgrade or FeatureUpgradeType.SafeDowngrade or FeatureUpgradeType.UnsafeDowngrade))
        {
            return "The controller does not support the given upgrade type.";
        }
        if (update.Level < 0)
        {
            return "A feature version cannot be less than 0.";
        }
        var current = LevelOf(image, update.Name);
        return FindUnsupported($"Local controller {controllerId}", FeatureLevels.Supported, update)
            ?? FindUnsupportedByBroker(image, update)
            ?? (update.Name == FeatureLevels.KRaftVersion && update.Level != current
                ? "The voters of this quorum are fixed, so its version cannot be changed."
                : null)
            ?? FindWrongDirection(current, update)
            ?? (update.Name == FeatureLevels.MetadataVersion && update.Level < current && update.Level < FeatureLevels.OldestEqualMetadataVersion
                ? FindMetadataLoss(update.Type)
                : null);
    }

    private static string? FindUnsupportedByBroker(MetadataImage image, FeatureUpdate update)
    {
        foreach (var broker in image.Brokers)
        {
            if (FindUnsupported($"Broker {broker.Id}", broker.Features, update) is { } fault)
            {
                return fault;
            }
        }
        return null;
    }

    private static string? FindUnsupported(string who, IReadOnlyList<SupportedFeature> supported, FeatureUpdate update)
    {
        var known = supported.FirstOrDefault(feature => feature.Name == update.Name);
        if (known is null || known.MaxLevel == 0)
        {
            return update.Level == 0 && known is not null ? null : $"{who} does not support this feature.";
        }
        return update.Level >= known.MinLevel && update.Level <= known.MaxLevel
            ? null
            : $"{who} only supports versions {known.MinLevel}-{known.MaxLevel}";
    }

    private static string? FindWrongDirection(short current, FeatureUpdate update)
    {
        if (update.Level < current && update.Type == FeatureUpgradeType.Upgrade)
        {
            return "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.";
        }
        return update.Level > current && update.Type != FeatureUpgradeType.Upgrade ? "Can't downgrade to a newer version." : null;
    }

    private static string FindMetadataLoss(FeatureUpgradeType type) => type == FeatureUpgradeType.UnsafeDowngrade
        ? "Unsafe metadata downgrade is not supported in this version."
        : "Refusing to perform the requested downgrade because it might delete metadata information.";
}
