using FastLog.Coordination.Assignors;
using FastLog.Coordination.Consumer;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Consumer;

/// <summary>
/// A group of simulated consumers on a network that loses, duplicates and delays, with a coordinator that restarts and a
/// log that refuses. After every step it is checked that no partition has two owners and that no epoch goes back.
/// </summary>
internal sealed class SimulatedGroup(int seed)
{
    /// <summary>How many requests back one may come again.</summary>
    private const int LateMax = 25;

    private static readonly string[] TopicNames = ["t0", "t1", "t2", "u0"];

    private readonly Random _random = new(seed);
    private readonly TurnRunner _runner = new() { Topics = new StubTopics().With("t0", 3).With("t1", 2) };
    private readonly List<SimulatedConsumer> _consumers = [];
    private readonly List<(SimulatedConsumer? From, int Number, ConsumerGroupHeartbeatRequest Request)> _requests = [];
    private readonly List<(SimulatedConsumer? From, int Number, ConsumerGroupHeartbeatRequest Request)> _delivered = [];
    private readonly List<(SimulatedConsumer To, int Number, ConsumerGroupHeartbeatResponse Response)> _responses = [];
    private readonly Dictionary<string, int> _epochs = [];
    private int _groupEpoch;
    private int _numbers;

    /// <summary>How many times a partition came to another consumer.</summary>
    public int MovesCount { get; private set; }

    public void Storm(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            Step();
            Check();
        }
    }

    /// <summary>Nothing is lost any more, and nobody comes or goes: everything must come to rest.</summary>
    public void Calm()
    {
        _requests.Clear();
        _runner.RefusesNext = false;
        foreach (var consumer in _consumers)
        {
            consumer.GiveUpWaiting();
        }

        for (var round = 0; round < 60; round++)
        {
            foreach (var consumer in _consumers)
            {
                consumer.Drop();
                var number = ++_numbers;
                consumer.Receive(number, _runner.Beat(consumer.Send(number)));
                Check();
            }

            Advance(4_000);
            Check();
        }
    }

    public void CheckRest()
    {
        if (_consumers.Count == 0)
        {
            return;
        }

        var group = _runner.Group();
        Assert.True(group.StateName == "Stable", $"seed {seed}: {group.StateName}: {Dump()}");
        Assert.True(group.GroupEpoch == group.AssignmentEpoch, $"seed {seed}");
        Assert.Equal(_consumers.Select(consumer => consumer.Id).Order(), group.Members.Keys.Order());
        Assert.All(_consumers, consumer =>
        {
            Assert.Equal(group.GroupEpoch, consumer.Epoch);
            Assert.Equal(group.Members[consumer.Id].Current.Assigned, consumer.Owned);
        });
        foreach (var topic in _runner.Topics.All)
        {
            for (var partition = 0; partition < topic.PartitionsCount; partition++)
            {
                var owners = _consumers.Count(consumer => consumer.Owned.Contains(topic.Id, partition));
                var expected = _consumers.Exists(consumer => Subscribes(consumer, topic.Name)) ? 1 : 0;
                Assert.True(owners == expected, $"seed {seed}: {topic.Name}-{partition} has {owners} owners, not {expected}");
            }
        }
    }

    private static bool Subscribes(SimulatedConsumer consumer, string topic) =>
        consumer.Subscription.SubscribedTopicNames?.Contains(topic) == true
        || (!string.IsNullOrEmpty(consumer.Subscription.SubscribedTopicRegex) && topic.StartsWith('t'));

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 30:
                Send();
                break;
            case < 55:
                Deliver();
                break;
            case < 75:
                Answer();
                break;
            case < 84:
                Pick()?.Drop();
                break;
            case < 90:
                Advance(_random.Next(20) == 0 ? _random.Next(70_000) : _random.Next(3_000));
                break;
            case < 93:
                Join();
                break;
            case < 95:
                Leave();
                break;
            case < 97:
                Change();
                break;
            case < 98:
                _runner.RefusesNext = true;
                break;
            default:
                Restart();
                break;
        }
    }

    private SimulatedConsumer? Pick() => _consumers.Count == 0 ? null : _consumers[_random.Next(_consumers.Count)];

    private void Send()
    {
        if (Pick() is not { } consumer)
        {
            return;
        }

        if (consumer.Outstanding != 0)
        {
            if (_random.Next(3) > 0)
            {
                return;
            }

            consumer.GiveUpWaiting();
        }

        var number = ++_numbers;
        Post(consumer, number, consumer.Send(number));
    }

    private void Post(SimulatedConsumer? from, int number, ConsumerGroupHeartbeatRequest request)
    {
        for (var copies = _random.Next(10) switch { 0 => 0, 1 => 2, 2 => 3, _ => 1 }; copies > 0; copies--)
        {
            _requests.Add((from, number, request));
        }
    }

    private void Deliver()
    {
        if (_delivered.Count > 0 && _random.Next(5) == 0)
        {
            // One of the last requests, once more: it took another way.
            var (_, _, late) = _delivered[_random.Next(Math.Max(0, _delivered.Count - LateMax), _delivered.Count)];
            _runner.Run(turn => _runner.Protocol.Heartbeat(turn, Heartbeats.Origin, late, _ => { }));
            return;
        }

        if (_requests.Count == 0)
        {
            return;
        }

        // Mostly the oldest, now and then one that overtakes.
        var index = _random.Next(4) == 0 ? _random.Next(_requests.Count) : 0;
        var (from, number, request) = _requests[index];
        _requests.RemoveAt(index);
        _delivered.Add((from, number, request));
        ConsumerGroupHeartbeatResponse? response = null;
        _runner.Run(turn => _runner.Protocol.Heartbeat(turn, Heartbeats.Origin, request, answer => response = answer));
        if (response is not null && from is not null && _random.Next(10) > 0)
        {
            _responses.Add((from, number, response));
        }
    }

    private void Answer()
    {
        if (_responses.Count > 0)
        {
            var index = _random.Next(_responses.Count);
            var (to, number, response) = _responses[index];
            _responses.RemoveAt(index);
            var before = to.Owned;
            to.Receive(number, response);
            MovesCount += to.Owned.Except(before).Count;
        }
    }

    private void Join()
    {
        if (_consumers.Count < 5)
        {
            _consumers.Add(new SimulatedConsumer($"m{++_numbers}", NewInstanceId(), NewSubscription()));
        }
    }

    private string? NewInstanceId()
    {
        var name = $"i{_random.Next(3)}";
        return _random.Next(3) == 0 && _consumers.TrueForAll(consumer => consumer.InstanceId != name) ? name : null;
    }

    private ConsumerGroupHeartbeatRequest NewSubscription()
    {
        var subscription = new ConsumerGroupHeartbeatRequest
        {
            SubscribedTopicNames = [],
            SubscribedTopicRegex = _random.Next(4) == 0 ? "t.*" : "",
            ServerAssignor = _random.Next(3) switch { 0 => "range", 1 => "uniform", _ => null },
        };
        subscription.SubscribedTopicNames.AddRange(TopicNames.Where(_ => _random.Next(2) == 0));
        return subscription;
    }

    private void Leave()
    {
        if (Pick() is { } consumer)
        {
            var request = consumer.Leave(returns: consumer.InstanceId is not null && _random.Next(2) == 0);
            _consumers.Remove(consumer);
            Post(null, 0, request);
            if (request.MemberEpoch == ConsumerMember.AwayEpoch)
            {
                _consumers.Add(new SimulatedConsumer($"m{++_numbers}", consumer.InstanceId, consumer.Subscription));
            }
        }
    }

    private void Change()
    {
        if (_random.Next(2) == 0)
        {
            var name = TopicNames[_random.Next(TopicNames.Length)];
            var grown = (_runner.Topics.Find(name)?.PartitionsCount ?? 0) + 1;
            _runner.Topics = _runner.Topics.With(name, _random.Next(6) == 0 ? 0 : Math.Min(grown, 6));
        }
        else if (Pick() is { } consumer)
        {
            consumer.Subscription = NewSubscription();
            consumer.SendAllNext();
        }
    }

    private void Restart()
    {
        var before = Dump();
        _runner.Restart(compact: _random.Next(2) == 0);
        Assert.True(before == Dump(), $"seed {seed}: a restart changed\n{before}\nto\n{Dump()}");
    }

    private void Advance(long ms)
    {
        _runner.Advance(ms);
        var members = (_runner.Groups.Find("g") as ConsumerGroup)?.Members;
        foreach (var consumer in _consumers)
        {
            consumer.IsExpired |= members?.ContainsKey(consumer.Id) != true;
        }
    }

    private void Check()
    {
        var owners = new Dictionary<(Guid, int), string>();
        foreach (var consumer in _consumers.Where(consumer => !consumer.IsExpired))
        {
            foreach (var topic in consumer.Owned.Topics)
            {
                foreach (var partition in topic.Partitions)
                {
                    Assert.True(
                        owners.TryAdd((topic.TopicId, partition), consumer.Id),
                        $"seed {seed}: {topic}: {consumer.Id} and {owners[(topic.TopicId, partition)]}: {Dump()}");
                }
            }
        }

        if (_runner.Groups.Find("g") is ConsumerGroup group)
        {
            CheckEpochs(group);
        }
    }

    private void CheckEpochs(ConsumerGroup group)
    {
        Assert.True(group.GroupEpoch >= _groupEpoch, $"seed {seed}: the group epoch went back");
        Assert.True(group.GroupEpoch >= group.AssignmentEpoch, $"seed {seed}: a target of a later epoch");
        _groupEpoch = group.GroupEpoch;
        foreach (var (memberId, epoch) in _epochs.ToArray())
        {
            if (!group.Members.ContainsKey(memberId))
            {
                _epochs.Remove(memberId);
            }
        }

        foreach (var member in group.Members.Values.Where(member => member.Epoch != ConsumerMember.AwayEpoch))
        {
            Assert.True(member.Epoch >= _epochs.GetValueOrDefault(member.Id), $"seed {seed}: {member.Id}'s epoch went back");
            Assert.True(member.Epoch <= group.AssignmentEpoch, $"seed {seed}: {member.Id} is ahead of the target");
            _epochs[member.Id] = member.Epoch;
        }
    }

    private string Dump()
    {
        if (_runner.Groups.Find("g") is not ConsumerGroup group)
        {
            return "none";
        }

        return $"epoch {group.GroupEpoch}, target {group.AssignmentEpoch}\n" + string.Join('\n', group.Members.Values
            .OrderBy(member => member.Id, StringComparer.Ordinal)
            .Select(member => $"{member.Id} {member.Current} => {group.State.TargetOf(member.Id)}"));
    }
}
