using System.Globalization;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>Commits and fetches offsets in a group's name, and holds the answers against the model.</summary>
internal sealed class CommittingClient(SimulatedWorld world, SimulatedNetwork network, OffsetModel model, GroupWatch watch, string group)
{
    private const int RequestTimeoutMs = 5_000;

    /// <summary>A consumer that got partitions asks where to begin.</summary>
    public void Begin(ISimulatedConsumer consumer) => Fetch($"{consumer.Name} fetches offsets", [.. consumer.Owned.Order()]);

    public void Commit(ISimulatedConsumer consumer, int generation, string memberId, Action<ErrorCode> onError)
    {
        var places = consumer.Owned.Where(_ => world.Random.Next(3) > 0).Order().ToList();
        if (places.Count == 0)
        {
            return;
        }

        var offsets = places.ConvertAll(_ => world.Random.NextInt64(1_000_000));
        var what = $"{consumer.Name} commits in {generation}";
        var origin = new RequestOrigin(consumer.Name, "/10.0.0.1", 9);
        network.Call<OffsetCommitResponse>(
            what,
            RequestTimeoutMs,
            (shard, turn, reply) =>
            {
                var asked = watch.Now;
                var tries = places.ConvertAll(place => (group, place.Topic, place.Partition))
                    .Zip(offsets, (at, offset) => (At: at, Offset: offset, Number: model.OnTry(at, offset))).ToList();
                var request = Request(tries);
                request.GenerationIdOrMemberEpoch = generation;
                request.MemberId = memberId;
                request.GroupInstanceId = consumer.InstanceId;
                shard.OffsetCommit(turn, origin, request, response =>
                {
                    var errors = response.Topics.SelectMany(topic => topic.Partitions).Select(partition => partition.ErrorCode);
                    foreach (var (tried, error) in tries.Zip(errors))
                    {
                        OnAnswer(tried.At, tried.Number, error);
                        if (error == ErrorCode.None && consumer is ClassicConsumer)
                        {
                            watch.OnCommitted(what, generation, asked);
                        }
                    }

                    reply(response);
                });
            },
            error => GroupErrors.Respond(new OffsetCommitRequest(), error),
            response =>
            {
                if (response is { Topics.Count: > 0 })
                {
                    onError(response.Topics[0].Partitions[0].ErrorCode);
                }
            });
    }

    public void Fetch(string what, IReadOnlyList<(string Topic, int Partition)> places)
    {
        var request = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = group, Topics = [] };
        foreach (var (name, partition) in places)
        {
            var topic = request.Topics.Add();
            topic.Name = name;
            topic.PartitionIndexes.Add(partition);
        }

        network.Call<OffsetFetchResponse.OffsetFetchResponseGroup>(
            what,
            RequestTimeoutMs,
            (shard, turn, reply) =>
            {
                var floors = places.Select(place => model.FloorOf((group, place.Topic, place.Partition))).ToList();
                shard.OffsetFetch(turn, request, mustBeStable: false, response =>
                {
                    if (response.ErrorCode == ErrorCode.None)
                    {
                        OnFetched(response, floors);
                    }

                    reply(response);
                });
            },
            GroupErrors.Respond<OffsetFetchResponse.OffsetFetchResponseGroup>,
            static _ => { });
    }

    private void OnFetched(OffsetFetchResponse.OffsetFetchResponseGroup response, List<long> floors)
    {
        for (var i = 0; i < floors.Count; i++)
        {
            var partition = response.Topics[i].Partitions[0];
            var at = (group, response.Topics[i].Name, partition.PartitionIndex);
            model.OnShown(at, model.Check(at, partition.CommittedOffset, partition.Metadata ?? "", floors[i]));
        }
    }

    private void OnAnswer((string Group, string Topic, int Partition) at, long number, ErrorCode error)
    {
        switch (error)
        {
            case ErrorCode.None:
                model.OnAcknowledged(at, number);
                break;
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable:
                // The log failed: the commit may be in it or not.
                break;
            default:
                model.OnRefused(at, number);
                break;
        }
    }

    private OffsetCommitRequest Request(
        IEnumerable<((string Group, string Topic, int Partition) At, long Offset, long Number)> tries)
    {
        var request = new OffsetCommitRequest { GroupId = group };
        foreach (var (at, offset, number) in tries)
        {
            var topic = request.Topics.Add();
            topic.Name = at.Topic;
            var partition = topic.Partitions.Add();
            partition.PartitionIndex = at.Partition;
            partition.CommittedOffset = offset;
            partition.CommittedMetadata = number.ToString(CultureInfo.InvariantCulture);
        }

        return request;
    }
}
