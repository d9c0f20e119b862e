using FastLog.Coordination.Assignors;

namespace FastLog.Coordination.Consumer;

/// <summary>
/// What the log says of a consumer group, and nothing else. Changes by <see cref="Apply(in CoordinatorRecord)"/> alone; a decision works on a
/// <see cref="Clone"/> and writes the records that take the group from the one to the other.
/// </summary>
internal sealed partial class GroupState
{
    private readonly Dictionary<string, ConsumerMember> _members;
    private readonly Dictionary<string, string> _staticMembers;
    private readonly Dictionary<string, TopicPartitionSet> _targets;
    private readonly Dictionary<string, ResolvedRegex> _regexes;
    private HashSet<string>? _subscribedTopics;

    public GroupState(string groupId)
    {
        GroupId = groupId;
        _members = new(StringComparer.Ordinal);
        _staticMembers = new(StringComparer.Ordinal);
        _targets = new(StringComparer.Ordinal);
        _regexes = new(StringComparer.Ordinal);
        Topics = SubscribedTopics.None;
        Holders = new PartitionHolders();
    }

    private GroupState(GroupState other)
    {
        GroupId = other.GroupId;
        GroupEpoch = other.GroupEpoch;
        AssignmentEpoch = other.AssignmentEpoch;
        ClassicCount = other.ClassicCount;
        _members = new(other._members, StringComparer.Ordinal);
        _staticMembers = new(other._staticMembers, StringComparer.Ordinal);
        _targets = new(other._targets, StringComparer.Ordinal);
        _regexes = new(other._regexes, StringComparer.Ordinal);
        Topics = other.Topics;
        Holders = other.Holders.Clone();
    }

    public string GroupId { get; }

    /// <summary>Grows whenever members, subscriptions or topics change so that partitions may have to move.</summary>
    public int GroupEpoch { get; private set; }

    /// <summary>The group epoch that the target assignment is for.</summary>
    public int AssignmentEpoch { get; private set; }

    /// <summary>Members of the classic protocol.</summary>
    public int ClassicCount { get; private set; }

    public IReadOnlyDictionary<string, ConsumerMember> Members => _members;

    /// <summary>By regular expression: the topics it matched when it was last looked at.</summary>
    public IReadOnlyDictionary<string, ResolvedRegex> Regexes => _regexes;

    /// <summary>The topics the group subscribes to, as they were when its epoch was last considered.</summary>
    public SubscribedTopics Topics { get; private set; }

    public PartitionHolders Holders { get; }

    public GroupState Clone() => new(this);

    public ConsumerMember? Find(string memberId) => _members.GetValueOrDefault(memberId);

    public ConsumerMember? FindStatic(string instanceId) =>
        _staticMembers.TryGetValue(instanceId, out var memberId) ? Find(memberId) : null;

    /// <summary>A member's part of the target assignment, or null when it was never part of one.</summary>
    public TopicPartitionSet? TargetOf(string memberId) => _targets.GetValueOrDefault(memberId);

    /// <summary>Whether a member subscribes to the topic, by its name or by an expression that matched it.</summary>
    public bool IsSubscribedTo(string topic) => (_subscribedTopics ??= CollectSubscribedTopics()).Contains(topic);

    /// <summary>Names of all topics that members subscribe to, whether or not they exist.</summary>
    public HashSet<string> CollectSubscribedTopics()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in _members.Values)
        {
            foreach (var name in member.Metadata.TopicNames)
            {
                names.Add(name);
            }

            if (member.Metadata.HasRegex && _regexes.TryGetValue(member.Metadata.TopicRegex!, out var resolved))
            {
                names.UnionWith(resolved.Topics);
            }
        }

        return names;
    }

    /// <summary>Whether a member has the regular expression.</summary>
    public bool UsesRegex(string regex)
    {
        foreach (var member in _members.Values)
        {
            if (member.Metadata.TopicRegex == regex)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The state as the describing APIs name it.</summary>
    public string Name
    {
        get
        {
            if (_members.Count == 0)
            {
                return "Empty";
            }

            if (GroupEpoch > AssignmentEpoch)
            {
                return "Assigning";
            }

            foreach (var member in _members.Values)
            {
                if (!member.IsReconciledTo(AssignmentEpoch))
                {
                    return "Reconciling";
                }
            }

            return "Stable";
        }
    }
}
