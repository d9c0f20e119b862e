using FastLog.Cluster;
using FastLog.Coordination;

namespace FastLog.Broker.Groups;

/// <summary>The topics of a metadata image, as groups see them.</summary>
/// <param name="image">The image.</param>
internal sealed class ImageTopics(MetadataImage image) : IGroupTopics
{
    /// <summary>The image.</summary>
    public MetadataImage Image { get; } = image;

    public long Version => Image.LastOffset;

    public IEnumerable<GroupTopic> All
    {
        get
        {
            foreach (var topic in Image.Topics)
            {
                yield return From(topic);
            }
        }
    }

    public GroupTopic? Find(string name) => Image.FindTopic(name) is { } topic ? From(topic) : null;

    public GroupTopic? Find(Guid id) => Image.FindTopic(id) is { } topic ? From(topic) : null;

    private static GroupTopic From(TopicImage topic) => new(topic.Id, topic.Name, topic.PartitionsCount, topic.IsInternal);
}
