using FastLog.Broker.Requests;
using FastLog.Broker.Topics;
using FastLog.Cluster;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Handlers;

/// <summary>
/// Metadata: brokers, and the topics asked for by name or id (or all). A missing topic is created when both the
/// request and <c>auto.create.topics.enable</c> allow it; the answer then already has it.
/// </summary>
internal sealed class MetadataHandler(IBrokerView broker, TopicCreation topics)
    : RequestHandler<MetadataRequest, MetadataResponse>
{
    public override ApiKey ApiKey => ApiKey.Metadata;

    internal override async ValueTask<MetadataResponse> HandleAsync(RequestContext context, MetadataRequest request)
    {
        var created = await CreateMissingAsync(context, request).ConfigureAwait(false);
        var image = broker.Image;
        var response = new MetadataResponse { ClusterId = image.ClusterId, ControllerId = broker.NodeId };
        AddBrokers(response, image, context.Connection.ListenerName);
        if (WantsAll(request, context.Version))
        {
            foreach (var topic in image.Topics)
            {
                Describe(response.Topics.Add(), topic, image);
            }
        }
        else
        {
            foreach (var asked in request.Topics!)
            {
                Add(response.Topics.Add(), asked, image, created);
            }
        }

        return response;
    }

    /// <summary>Null asks for all; version 0 has no null and asks for all with an empty list.</summary>
    private static bool WantsAll(MetadataRequest request, short version) =>
        request.Topics is null || (version == 0 && request.Topics.Count == 0);

    private async ValueTask<IReadOnlyDictionary<string, ErrorCode>> CreateMissingAsync(
        RequestContext context, MetadataRequest request)
    {
        // Versions before 4 have no flag: they always allowed it.
        var allowed = request.AllowAutoTopicCreation || context.Version < 4;
        if (!allowed || request.Topics is null)
        {
            return TopicCreation.Nothing;
        }

        List<string>? missing = null;
        foreach (var topic in request.Topics)
        {
            if (topic.Name is { } name && broker.Image.FindTopic(name) is null)
            {
                (missing ??= []).Add(name);
            }
        }

        return missing is null
            ? TopicCreation.Nothing
            : await topics.AutoCreateAsync(missing, CancellationToken.None).ConfigureAwait(false);
    }

    private static void Add(
        MetadataResponse.MetadataResponseTopic entry,
        MetadataRequest.MetadataRequestTopic asked,
        MetadataImage image,
        IReadOnlyDictionary<string, ErrorCode> created)
    {
        var topic = asked.Name is null ? image.FindTopic(asked.TopicId) : image.FindTopic(asked.Name);
        if (topic is not null)
        {
            Describe(entry, topic, image);
            return;
        }

        entry.Name = asked.Name;
        entry.TopicId = asked.TopicId;
        entry.ErrorCode = asked.Name is null ? ErrorCode.UnknownTopicId
            : TopicNames.Check(asked.Name) is not null ? ErrorCode.InvalidTopicException
            : created.GetValueOrDefault(asked.Name, ErrorCode.UnknownTopicOrPartition);
    }

    private static void AddBrokers(MetadataResponse response, MetadataImage image, string listenerName)
    {
        foreach (var node in image.Brokers)
        {
            if (!node.IsFenced && node.FindEndPoint(listenerName) is { } endPoint)
            {
                var entry = response.Brokers.Add();
                entry.NodeId = node.Id;
                entry.Host = endPoint.Host;
                entry.Port = endPoint.Port;
                entry.Rack = node.Rack;
            }
        }
    }

    private static void Describe(MetadataResponse.MetadataResponseTopic entry, TopicImage topic, MetadataImage cluster)
    {
        entry.Name = topic.Name;
        entry.TopicId = topic.Id;
        entry.IsInternal = topic.IsInternal;
        for (var i = 0; i < topic.PartitionsCount; i++)
        {
            var image = topic.Partitions[i];
            var partition = entry.Partitions.Add();
            partition.PartitionIndex = i;
            partition.ErrorCode = image.Leader < 0 ? ErrorCode.LeaderNotAvailable : ErrorCode.None;
            partition.LeaderId = image.Leader;
            partition.LeaderEpoch = image.LeaderEpoch;
            partition.ReplicaNodes.AddRange(image.Replicas);
            partition.IsrNodes.AddRange(image.Isr);
            OfflineReplicas.AddTo(partition.OfflineReplicas, image, cluster);
        }
    }
}
