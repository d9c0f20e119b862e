using FastLog.Broker.Telemetry;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Telemetry;

public sealed class ClientTelemetryTests
{
    private const int BytesMax = 1000;
    private static readonly Guid Client = new("11111111-2222-3333-4444-555555555555");
    private static readonly ClientTraits Traits = new("app-1", "id", "fastlog", "1.0", "10.0.0.7", "4711");

    private readonly ClientTelemetry _telemetry = new(BytesMax, instancesMax: 3);
    private MetadataImage _image = MetadataImage.Empty("TestClusterAAAAAAAAAAA");
    private long _offset;

    [Fact]
    public void Without_a_subscription_nothing_is_wanted()
    {
        var (error, wanted) = Ask(0);

        Assert.Equal((ErrorCode.None, 300_000), (error, wanted.PushIntervalMs));
        Assert.Empty(wanted.Metrics);
    }

    [Fact]
    public void Subscriptions_that_match_are_taken_together()
    {
        Subscribe("a", ("metrics", "m.b,m.a"), ("interval.ms", "2000"), ("match", "client_id=app-.*,client_source_port=4711"));
        Subscribe("b", ("metrics", "m.c"), ("interval.ms", "1000"));
        Subscribe("c", ("metrics", "m.d"), ("interval.ms", "100"), ("match", "client_id=app"));

        var wanted = Ask(0).Wanted;

        Assert.Equal(["m.a", "m.b", "m.c"], wanted.Metrics);
        Assert.Equal(1000, wanted.PushIntervalMs);
    }

    [Fact]
    public void A_star_is_the_beginning_of_every_name()
    {
        Subscribe("a", ("metrics", "*,m"));

        Assert.Equal([""], Ask(0).Wanted.Metrics);
    }

    [Theory]
    [InlineData("client_software_name=fastlog", true)]
    [InlineData("client_software_name=fast", false)]
    [InlineData("client_software_version=1\\.[0-9]", true)]
    [InlineData("client_source_address=10\\..*", true)]
    [InlineData("client_instance_id=other", false)]
    public void Clients_are_chosen_by_what_is_known_of_them(string match, bool isWanted)
    {
        Subscribe("a", ("metrics", "m"), ("match", match));

        Assert.Equal(isWanted ? 1 : 0, Ask(0).Wanted.Metrics.Count);
    }

    [Fact]
    public void The_same_wishes_have_the_same_id_and_other_ones_another()
    {
        Subscribe("a", ("metrics", "m"));
        var first = Ask(0).Wanted.Id;

        Assert.Equal(first, new ClientTelemetry(BytesMax).Ask(Client, Traits, _image, 0).Subscription.Id);
        Assert.NotEqual(first, new ClientTelemetry(BytesMax).Ask(Guid.NewGuid(), Traits, _image, 0).Subscription.Id);
        Subscribe("a", ("metrics", "n"));
        Assert.NotEqual(first, new ClientTelemetry(BytesMax).Ask(Client, Traits, _image, 0).Subscription.Id);
    }

    [Fact]
    public void A_client_asks_once_an_interval()
    {
        Subscribe("a", ("metrics", "m"), ("interval.ms", "1000"));
        Assert.Equal(ErrorCode.None, Ask(0).Error);
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, Ask(999).Error);
        Assert.Equal(ErrorCode.None, Ask(1000).Error);
    }

    [Fact]
    public void The_first_push_may_come_at_any_time_and_the_next_after_an_interval()
    {
        Subscribe("a", ("metrics", "m"), ("interval.ms", "1000"));
        var id = Ask(0).Wanted.Id;

        Assert.Equal(ErrorCode.None, Push(500, id));
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, Push(1499, id));
        Assert.Equal(ErrorCode.None, Push(1500, id));
        Assert.Equal(ErrorCode.None, Push(1600, id, isTerminating: true));
        Assert.Equal(ErrorCode.InvalidRequest, Push(5000, id));
    }

    [Fact]
    public void Whoever_pushes_for_old_wishes_may_ask_again_at_once()
    {
        Subscribe("a", ("metrics", "m"), ("interval.ms", "1000"));
        var id = Ask(0).Wanted.Id;
        Assert.Equal(ErrorCode.None, Push(1000, id));
        Subscribe("a", ("metrics", "n"), ("interval.ms", "1000"));

        Assert.Equal(ErrorCode.UnknownSubscriptionId, Push(2000, id));
        var (error, wanted) = Ask(2001);
        Assert.Equal(ErrorCode.None, error);
        Assert.Equal(ErrorCode.None, Push(2500, wanted.Id));
    }

    [Fact]
    public void Wishes_of_others_change_nothing_for_a_client()
    {
        Subscribe("a", ("metrics", "m"), ("interval.ms", "1000"));
        var id = Ask(0).Wanted.Id;
        Subscribe("b", ("metrics", "n"), ("match", "client_id=else"));

        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, Ask(500).Error);
        Assert.Equal(ErrorCode.None, Push(600, id));
    }

    [Fact]
    public void Pushes_are_looked_at()
    {
        Subscribe("a", ("metrics", "m"), ("interval.ms", "100"));
        var id = Ask(0).Wanted.Id;

        Assert.Equal(ErrorCode.UnsupportedCompressionType, Push(100, id, compression: 9));
        Assert.Equal(ErrorCode.None, Ask(101).Error);
        Assert.Equal(ErrorCode.TelemetryTooLarge, Push(200, id, size: BytesMax + 1));
        Assert.Equal(ErrorCode.None, Push(300, id, size: BytesMax, compression: 4));
        Assert.Equal(ErrorCode.InvalidRequest, _telemetry.Push(Guid.Empty, Traits, _image, new TelemetryPush(id, false, 0, 1), 400));
        Assert.Equal(ErrorCode.UnknownSubscriptionId, _telemetry.Push(Guid.NewGuid(), Traits, _image, new TelemetryPush(1, false, 0, 1), 400));
    }

    [Fact]
    public void Clients_are_forgotten_when_they_are_too_many_and_when_they_stay_away()
    {
        foreach (var number in Enumerable.Range(1, 4))
        {
            _telemetry.Ask(new Guid(number, 0, 0, new byte[8]), Traits, _image, number);
        }

        Assert.Equal(3, _telemetry.InstancesCount);
        Assert.Equal(ErrorCode.None, _telemetry.Ask(new Guid(1, 0, 0, new byte[8]), Traits, _image, 5).Error);
        Assert.Equal(ErrorCode.ThrottlingQuotaExceeded, _telemetry.Ask(new Guid(4, 0, 0, new byte[8]), Traits, _image, 6).Error);
        Ask(7 + (3 * 300_000));
        Assert.Equal(1, _telemetry.InstancesCount);
    }

    private (ErrorCode Error, ClientSubscription Wanted) Ask(long nowMs) => _telemetry.Ask(Client, Traits, _image, nowMs);

    private ErrorCode Push(long nowMs, int id, bool isTerminating = false, sbyte compression = 0, long size = 10) =>
        _telemetry.Push(Client, Traits, _image, new TelemetryPush(id, isTerminating, compression, size), nowMs);

    private void Subscribe(string name, params (string Key, string Value)[] values)
    {
        var draft = new MetadataDraft(_image);
        foreach (var (key, value) in values)
        {
            draft.Apply(
                new ConfigRecord
                {
                    ResourceType = (sbyte)ConfigResourceType.ClientMetrics,
                    ResourceName = name,
                    Name = key,
                    Value = value,
                },
                _offset++,
                epoch: 1);
        }

        _image = draft.ToDelta().After;
    }
}
