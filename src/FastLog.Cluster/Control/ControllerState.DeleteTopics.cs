using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <content>DeleteTopics.</content>
public sealed partial class ControllerState
{
    /// <summary>Removes topics, named by name or by id. Each is answered for itself.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="topics">The topics.</param>
    public Decision<IReadOnlyList<DeleteTopicResult>> DeleteTopics(
        MetadataImage image, IReadOnlyList<TopicReference> topics)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(topics);
        var records = new List<MetadataRecord>();
        var results = new List<DeleteTopicResult>(topics.Count);
        var duplicateNames = FindDuplicates(topics.Where(IsByName).Select(topic => topic.Name!));
        var duplicateIds = FindDuplicateIds(image, topics);
        var answered = new HashSet<TopicReference>();
        foreach (var topic in topics)
        {
            if (!answered.Add(topic))
            {
                continue;
            }
            var found = Find(image, topic);
            var refusal = CheckReference(topic, found, duplicateNames, duplicateIds);
            if (refusal is not null)
            {
                results.Add(new DeleteTopicResult(topic.Name, topic.Id, refusal.Error, refusal.Message));
                continue;
            }
            Invariant.Check(found is not null, "a topic that passed the checks exists");
            records.Add(RecordVersions.Versioned(new RemoveTopicRecord { TopicId = found.Id }));
            results.Add(new DeleteTopicResult(found.Name, found.Id, ErrorCode.None, null));
        }
        return new Decision<IReadOnlyList<DeleteTopicResult>>(records, results);
    }

    private static bool IsByName(TopicReference topic) => topic.Name is not null && topic.Id == Guid.Empty;

    private static TopicImage? Find(MetadataImage image, TopicReference topic) =>
        IsByName(topic) ? image.FindTopic(topic.Name!) : image.FindTopic(topic.Id);

    private static HashSet<Guid> FindDuplicateIds(MetadataImage image, IReadOnlyList<TopicReference> topics)
    {
        var seen = new HashSet<Guid>();
        var duplicates = new HashSet<Guid>();
        foreach (var topic in topics)
        {
            // A topic named by its name here and by its id there is asked for twice as well.
            var id = Find(image, topic)?.Id ?? topic.Id;
            if (id != Guid.Empty && !seen.Add(id))
            {
                duplicates.Add(id);
            }
        }
        return duplicates;
    }

    private Refusal? CheckReference(
        TopicReference topic, TopicImage? found, HashSet<string> duplicateNames, HashSet<Guid> duplicateIds)
    {
        if (topic.Name is null && topic.Id == Guid.Empty)
        {
            return new Refusal(ErrorCode.InvalidRequest, "Neither topic name nor id were specified.");
        }
        if (topic.Name is not null && topic.Id != Guid.Empty)
        {
            return new Refusal(ErrorCode.InvalidRequest, "You may not specify both topic name and topic id.");
        }
        if (topic.Name is not null && duplicateNames.Contains(topic.Name))
        {
            return new Refusal(ErrorCode.InvalidRequest, "Duplicate topic name.");
        }
        if (duplicateIds.Contains(found?.Id ?? topic.Id))
        {
            return new Refusal(
                ErrorCode.InvalidRequest,
                topic.Name is null
                    ? "Duplicate topic id."
                    : "The provided topic name maps to an ID that was already supplied.");
        }
        if (!_options.DeleteTopicEnable)
        {
            return new Refusal(ErrorCode.TopicDeletionDisabled, null);
        }
        if (found is null)
        {
            return topic.Name is null
                ? new Refusal(ErrorCode.UnknownTopicId, null)
                : new Refusal(ErrorCode.UnknownTopicOrPartition, null);
        }
        return null;
    }
}
