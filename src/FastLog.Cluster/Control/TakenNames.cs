using FastLog.Protocol;

namespace FastLog.Cluster;

/// <summary>The names that a new topic cannot have: those of the image, and those given out in the same request.</summary>
internal sealed class TakenNames(MetadataImage image)
{
    // Built only when a name with '.' or '_' comes: most requests need no walk over all topics.
    private Dictionary<string, string>? _collisionForms;

    public Refusal? Check(string name)
    {
        if (name == InternalTopics.ClusterMetadata)
        {
            return new Refusal(ErrorCode.TopicAuthorizationFailed, null);
        }
        if (image.FindTopic(name) is not null)
        {
            return new Refusal(ErrorCode.TopicAlreadyExists, $"Topic '{name}' already exists.");
        }
        if (TopicNames.Check(name) is { } fault)
        {
            return new Refusal(ErrorCode.InvalidTopicException, fault);
        }
        return CheckCollision(name);
    }

    /// <summary>The name is given out.</summary>
    public void Take(string name)
    {
        if (TopicNames.HasCollisionCharacter(name))
        {
            CollisionForms()[TopicNames.CollisionForm(name)] = name;
        }
    }

    private Refusal? CheckCollision(string name) =>
        TopicNames.HasCollisionCharacter(name)
        && CollisionForms().TryGetValue(TopicNames.CollisionForm(name), out var other)
            ? new Refusal(ErrorCode.InvalidTopicException, $"Topic '{name}' collides with existing topic: {other}")
            : null;

    private Dictionary<string, string> CollisionForms()
    {
        if (_collisionForms is null)
        {
            _collisionForms = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var topic in image.Topics)
            {
                if (TopicNames.HasCollisionCharacter(topic.Name))
                {
                    _collisionForms[TopicNames.CollisionForm(topic.Name)] = topic.Name;
                }
            }
        }
        return _collisionForms;
    }
}
