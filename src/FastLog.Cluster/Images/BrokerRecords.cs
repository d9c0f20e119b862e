using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Cluster;

/// <summary>The records about brokers, in both directions: to images and from them.</summary>
internal static class BrokerRecords
{
    private const sbyte Fence = 1;
    private const sbyte Unfence = -1;

    public static void Apply(IMessage record, MetadataDraft draft)
    {
        switch (record)
        {
            case RegisterBrokerRecord registration:
                draft.ChangeBrokers()[registration.BrokerId] = ToImage(registration);
                break;
            case UnregisterBrokerRecord unregistration:
                draft.ChangeBrokers().Remove(unregistration.BrokerId);
                break;
            case BrokerRegistrationChangeRecord change:
                Change(draft, change.BrokerId, change.BrokerEpoch, broker => Change(broker, change));
                break;
            case FenceBrokerRecord fence:
                Change(draft, fence.Id, fence.Epoch, broker => broker with { IsFenced = true });
                break;
            case UnfenceBrokerRecord unfence:
                Change(draft, unfence.Id, unfence.Epoch, broker => broker with { IsFenced = false });
                break;
        }
    }

    public static RegisterBrokerRecord ToRecord(BrokerRegistration registration, long epoch)
    {
        var record = new RegisterBrokerRecord
        {
            BrokerId = registration.BrokerId,
            IncarnationId = registration.IncarnationId,
            BrokerEpoch = epoch,
            Rack = registration.Rack,
            Fenced = true,
        };
        foreach (var endPoint in registration.EndPoints)
        {
            var added = record.EndPoints.Add();
            added.Name = endPoint.ListenerName;
            added.Host = endPoint.Host;
            added.Port = (ushort)endPoint.Port;
            added.SecurityProtocol = endPoint.SecurityProtocol;
        }
        foreach (var feature in registration.Features)
        {
            var added = record.Features.Add();
            added.Name = feature.Name;
            added.MinSupportedVersion = feature.MinLevel;
            added.MaxSupportedVersion = feature.MaxLevel;
        }
        foreach (var directory in registration.LogDirectoryIds)
        {
            record.LogDirs.Add(directory);
        }
        return record;
    }

    public static BrokerRegistrationChangeRecord ToUnfenceRecord(int brokerId, long epoch) =>
        new() { BrokerId = brokerId, BrokerEpoch = epoch, Fenced = Unfence };

    public static BrokerRegistrationChangeRecord ToDirectoriesRecord(BrokerImage broker, IReadOnlyList<Guid> online)
    {
        var record = new BrokerRegistrationChangeRecord { BrokerId = broker.Id, BrokerEpoch = broker.Epoch };
        foreach (var directory in online)
        {
            record.LogDirs.Add(directory);
        }
        return record;
    }

    private static BrokerImage ToImage(RegisterBrokerRecord record)
    {
        var endPoints = new List<BrokerEndPoint>(record.EndPoints.Count);
        foreach (var endPoint in record.EndPoints)
        {
            endPoints.Add(new BrokerEndPoint(endPoint.Name, endPoint.Host, endPoint.Port, endPoint.SecurityProtocol));
        }
        var features = new List<SupportedFeature>(record.Features.Count);
        foreach (var feature in record.Features)
        {
            features.Add(new SupportedFeature(feature.Name, feature.MinSupportedVersion, feature.MaxSupportedVersion));
        }
        return new BrokerImage
        {
            Id = record.BrokerId,
            Epoch = record.BrokerEpoch,
            IncarnationId = record.IncarnationId,
            EndPoints = endPoints,
            Features = features,
            Rack = record.Rack,
            IsFenced = record.Fenced,
            IsInControlledShutdown = record.InControlledShutdown,
            LogDirectoryIds = ToList(record.LogDirs),
        };
    }

    private static BrokerImage Change(BrokerImage broker, BrokerRegistrationChangeRecord record) => broker with
    {
        IsFenced = record.Fenced switch
        {
            Fence => true,
            Unfence => false,
            _ => broker.IsFenced,
        },
        IsInControlledShutdown = record.InControlledShutdown == 0
            ? broker.IsInControlledShutdown
            : record.InControlledShutdown > 0,
        LogDirectoryIds = record.LogDirs.Count == 0 ? broker.LogDirectoryIds : ToList(record.LogDirs),
    };

    private static void Change(MetadataDraft draft, int id, long epoch, Func<BrokerImage, BrokerImage> change)
    {
        // A change for an epoch that is over was overtaken by a new registration.
        if (draft.ChangeBrokers().TryGetValue(id, out var broker) && broker.Epoch == epoch)
        {
            draft.ChangeBrokers()[id] = change(broker);
        }
    }

    private static List<Guid> ToList(MessageList<Guid> ids)
    {
        var list = new List<Guid>(ids.Count);
        foreach (var id in ids)
        {
            list.Add(id);
        }
        return list;
    }
}
