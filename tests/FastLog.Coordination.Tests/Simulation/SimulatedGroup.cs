using FastLog.Coordination.Consumer;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>A group with its consumers, and what must hold for it.</summary>
internal sealed class SimulatedGroup
{
    private readonly SimulatedWorld _world;
    private readonly SimulatedNetwork _network;
    private readonly CommittingClient _commits;
    private readonly GroupWatch _watch;
    private readonly Dictionary<string, ISimulatedConsumer> _consumers = new(StringComparer.Ordinal);
    private readonly bool _isCooperative;
    private int _consumersCount;

    public SimulatedGroup(SimulatedWorld world, SimulatedNetwork network, OffsetModel model, GroupKind kind)
    {
        (_world, _network, Kind) = (world, network, kind);
        _watch = new GroupWatch(isOfGroup: kind is GroupKind.Eager or GroupKind.Cooperative);
        Id = $"group-{kind}".ToLowerInvariant();
        _isCooperative = kind == GroupKind.Cooperative || (kind == GroupKind.Mixed && world.Random.Next(2) == 0);
        _commits = new CommittingClient(world, network, model, _watch, Id);
    }

    public enum GroupKind
    {
        Eager,
        Cooperative,
        Modern,
        Mixed,
    }

    public string Id { get; }

    public GroupKind Kind { get; }

    public IReadOnlyList<ISimulatedConsumer> Alive =>
        [.. _consumers.Values.Where(consumer => consumer.IsAlive).OrderBy(consumer => consumer.Name, StringComparer.Ordinal)];

    /// <summary>A new consumer; a static one may take the place of one that lives.</summary>
    public void Add(IReadOnlyList<string> topics)
    {
        var instanceId = _world.Random.Next(4) == 0 ? $"{Id}-static-{_world.Random.Next(2)}" : null;
        var isModern = Kind == GroupKind.Modern || (Kind == GroupKind.Mixed && _world.Random.Next(2) == 0);
        if (Kind is GroupKind.Modern or GroupKind.Mixed)
        {
            // A classic one fences its predecessor; the other protocol lets nobody take the name of one that lives.
            Alive.FirstOrDefault(consumer => instanceId is not null && consumer.InstanceId == instanceId)?.Kill();
        }

        // A static member that is back with other topics gets the assignment it had, in a classic group: so it has the same.
        topics = instanceId is null ? topics : ["topic-0", "topic-1"];
        var settings = new ConsumerSettings(
            $"{Id}-{++_consumersCount}",
            Id,
            instanceId,
            topics,
            _isCooperative,
            IsOld: instanceId is null && Kind != GroupKind.Mixed && _world.Random.Next(4) == 0);
        ISimulatedConsumer consumer = isModern
            ? new ModernConsumer(_world, _network, _commits, _watch, settings)
            : new ClassicConsumer(_world, _network, _commits, _watch, settings);
        _world.Note($"{consumer.Name} starts ({(isModern ? "modern" : "classic")} {instanceId}): {string.Join(' ', topics)}");
        _consumers[consumer.Name] = consumer;
        consumer.Start();
    }

    public void Reconnect()
    {
        foreach (var modern in Alive.OfType<ModernConsumer>())
        {
            modern.Reconnect();
        }
    }

    /// <summary>What holds after every event.</summary>
    public void Check(GroupShard? shard)
    {
        if (shard is not null)
        {
            var group = shard.Groups.Find(Id);
            if (group is null or { IsEmpty: true })
            {
                _watch.OnEmpty();
            }

            foreach (var consumer in _consumers.Values)
            {
                if (consumer is ModernConsumer { IsAlive: true, IsFenced: false, Owned.Count: > 0 } modern
                    && (group is not ConsumerGroup known || !known.Members.ContainsKey(modern.MemberId)))
                {
                    modern.IsFenced = true;
                }
            }
        }

        if (Kind == GroupKind.Modern)
        {
            CheckOwners(_consumers.Values.Where(consumer => consumer is ModernConsumer { IsAlive: true, IsFenced: false }));
        }
        else if (Kind != GroupKind.Mixed && shard?.Groups.Find(Id) is ClassicGroup classic)
        {
            CheckOwners(_consumers.Values.Where(consumer =>
                consumer is ClassicConsumer { IsStable: true } stable && stable.Generation == classic.Generation
                && classic.FindMember(stable.MemberId) is not null));
        }
    }

    public void CheckLoaded(GroupShard shard)
    {
        if (_watch.Generation > 0)
        {
            _watch.OnLoaded(Id, shard.Groups.Find(Id) switch
            {
                ClassicGroup classic => classic.Generation,
                ConsumerGroup consumer => consumer.GroupEpoch,
                _ => -1,
            });
        }
    }

    /// <summary>Why the group is not at rest with all partitions owned by one of those that want them; null when it is.</summary>
    public string? WhyIncomplete(GroupShard shard)
    {
        var alive = Alive;
        if (alive.Count == 0)
        {
            return null;
        }

        var group = shard.Groups.Find(Id);
        if (group is not { StateName: "Stable" })
        {
            return $"{Id} is {group?.StateName ?? "gone"}{(group is ConsumerGroup consumer ? Describe(consumer) : "")}";
        }

        if (alive.FirstOrDefault(consumer => !consumer.IsStable) is { } unstable)
        {
            return $"{unstable.Name} is not stable";
        }

        var members = group switch
        {
            ClassicGroup classic => classic.Members.Select(member => member.Id),
            _ => ((ConsumerGroup)group).Members.Keys,
        };
        if (!members.Order(StringComparer.Ordinal).SequenceEqual(alive.Select(consumer => consumer.MemberId).Order(StringComparer.Ordinal)))
        {
            return $"{Id} has members {string.Join(' ', members)}, its consumers are {string.Join(' ', alive.Select(consumer => consumer.MemberId))}";
        }

        CheckOwners(alive);
        foreach (var topic in alive.SelectMany(consumer => consumer.TopicsWanted).Distinct())
        {
            for (var partition = 0; partition < (_world.Topics.Find(topic)?.PartitionsCount ?? 0); partition++)
            {
                if (!alive.Any(consumer => consumer.Owned.Contains((topic, partition)) && consumer.TopicsWanted.Contains(topic)))
                {
                    return $"{Id}: nobody owns {topic}-{partition}";
                }
            }
        }

        return alive.Where(consumer => consumer.Owned.Any(place => !consumer.TopicsWanted.Contains(place.Topic)))
            .Select(consumer => $"{consumer.Name} owns what it does not want").FirstOrDefault();
    }

    private static string Describe(ConsumerGroup group) =>
        $", epoch {group.GroupEpoch}, assigned {group.AssignmentEpoch}: " + string.Join("; ", group.Members.Values.Select(member =>
            $"{member.Metadata.ClientId} {member.Id} {member.Current.State} {member.Epoch} owns {member.Current.Assigned}"
            + $" until {group.SessionOf(member.Id).SilentAtMs - SimulatedTime.StartMs}"));

    private static void CheckOwners(IEnumerable<ISimulatedConsumer> consumers)
    {
        var owners = new Dictionary<(string Topic, int Partition), string>();
        foreach (var consumer in consumers)
        {
            foreach (var place in consumer.Owned)
            {
                SimulationFailure.Unless(
                    owners.TryAdd(place, consumer.Name), () => $"{place} is owned by {owners[place]} and by {consumer.Name}");
            }
        }
    }
}
