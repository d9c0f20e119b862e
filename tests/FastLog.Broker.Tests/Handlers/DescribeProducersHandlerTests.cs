using FastLog.Broker.Tests.Harness;
using FastLog.Protocol;
using FastLog.Protocol.Messages;

namespace FastLog.Broker.Tests.Handlers;

public sealed class DescribeProducersHandlerTests(BrokerFixture fixture) : HandlerTests(fixture)
{
    [Fact]
    public void Producers_are_told_with_the_last_they_wrote()
    {
        var topic = NewTopic(2);
        Client.Produce(topic, TestBatch.Of("nobody's"));
        Client.Produce(topic, TestBatch.Idempotent(producerId: 41, epoch: 3, baseSequence: 0, "a", "b"));
        Client.Produce(topic, TestBatch.Idempotent(producerId: 42, epoch: 0, baseSequence: 0, "c"));

        var response = Describe(topic, 0, 1);

        var producers = response[0].ActiveProducers.OrderBy(producer => producer.ProducerId).ToList();
        Assert.Equal([(41L, 3, 1), (42L, 0, 0)], producers.Select(p => (p.ProducerId, p.ProducerEpoch, p.LastSequence)));
        Assert.All(producers, producer =>
        {
            Assert.True(producer.LastTimestamp > 0);
            Assert.Equal((-1, -1L), (producer.CoordinatorEpoch, producer.CurrentTxnStartOffset));
        });
        Assert.Empty(response[1].ActiveProducers);
    }

    [Fact]
    public void What_is_not_there_is_an_error_with_its_text()
    {
        var answers = Describe(NewTopic(), 0, 1).Concat(Describe(NewName(), 0)).ToList();

        Assert.Equal(
            [ErrorCode.None, ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicOrPartition],
            answers.Select(answer => answer.ErrorCode));
        Assert.Equal([null, ErrorCode.UnknownTopicOrPartition.Message()], answers.Take(2).Select(answer => answer.ErrorMessage));
    }

    private MessageList<DescribeProducersResponse.PartitionResponse> Describe(string topic, params int[] partitions)
    {
        var request = new DescribeProducersRequest();
        var asked = request.Topics.Add();
        asked.Name = topic;
        asked.PartitionIndexes.AddRange(partitions);
        return Assert.Single(Client.Send(request, 0).Topics).Partitions;
    }
}
