using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

/// <summary>GetTelemetrySubscriptions and PushTelemetry over a socket.</summary>
public sealed class TelemetryHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    private const sbyte MetricsType = 16;

    [Fact]
    public void A_client_is_given_an_id_asked_for_metrics_and_may_push_them()
    {
        Client.Send(new ApiVersionsRequest { ClientSoftwareName = "telemetry-test", ClientSoftwareVersion = "1.0" }, 3);
        Client.Configure(
            MetricsType, "s", ("metrics", "org.apache.kafka.producer."), ("interval.ms", "100"),
            ("match", "client_software_name=telemetry-.*,client_source_address=127\\.0\\.0\\.1,client_id=test"));

        var asked = Client.Send(new GetTelemetrySubscriptionsRequest(), 0);

        Assert.Equal(ErrorCode.None, asked.ErrorCode);
        Assert.NotEqual(Guid.Empty, asked.ClientInstanceId);
        Assert.Equal(["org.apache.kafka.producer."], asked.RequestedMetrics);
        Assert.Equal((100, 1048576, true), (asked.PushIntervalMs, asked.TelemetryMaxBytes, asked.DeltaTemporality));
        Assert.Equal([4, 3, 1, 2], asked.AcceptedCompressionTypes.Select(type => (int)type));
        Assert.Equal(ErrorCode.UnknownSubscriptionId, Push(asked.ClientInstanceId, asked.SubscriptionId + 1));
        Assert.Equal(ErrorCode.None, Client.Send(new GetTelemetrySubscriptionsRequest { ClientInstanceId = asked.ClientInstanceId }, 0).ErrorCode);
        Assert.Equal(ErrorCode.None, Push(asked.ClientInstanceId, asked.SubscriptionId, isTerminating: true));
        Assert.Equal(ErrorCode.InvalidRequest, Push(asked.ClientInstanceId, asked.SubscriptionId));
        Assert.Equal(ErrorCode.InvalidRequest, Push(Guid.Empty, asked.SubscriptionId));
        Client.Configure(MetricsType, "s", ("metrics", null), ("interval.ms", null), ("match", null));
    }

    private ErrorCode Push(Guid id, int subscription, bool isTerminating = false) => Client.Send(
        new PushTelemetryRequest { ClientInstanceId = id, SubscriptionId = subscription, Terminating = isTerminating }, 0).ErrorCode;
}
