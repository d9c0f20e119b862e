using FastLog.Interop.Wire;

namespace FastLog.Interop.Hostile;

/// <summary>Topic names that would lead out of the data directory, or that no file system takes.</summary>
public sealed class HostileNameTests(HostileBroker fixture) : IClassFixture<HostileBroker>
{
    /// <summary>Names that Kafka does not allow.</summary>
    public static TheoryData<string> Names => new("/", "a/b", "..", ".", "../../escaped", "/tmp/escaped", "", "a b", "a\0b", "ä", "a\\b",
        "a\nb", new string('x', 250));

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_topic_of_such_a_name_is_not_created(string name) =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            await using WireClient client = await WireClient.OpenAsync(fixture.Broker.Port);
            Assert.Equal(WireErrors.InvalidTopic, await client.CreateTopicAsync(name, 1));
        });

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_topic_of_such_a_name_is_not_created_by_asking_for_it(string name) =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            byte[] body = new WireWriter().Int32(1).String(name).Int8(1).ToArray();
            byte[]? answer = await RawSocket.ExchangeAsync(fixture.Broker.Port, RawSocket.Frame(3, 4, body));
            Assert.Equal(WireErrors.InvalidTopic, ErrorOfOnlyTopic(answer));
        });

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_record_for_such_a_topic_is_refused(string name) =>
        fixture.AssertStoresNothingAsync(async () =>
        {
            await using WireClient client = await WireClient.OpenAsync(fixture.Broker.Port);
            byte[] batch = WireBatch.Encode(["x"], timestampMs: 1, WireProducer.None);
            short error = (await client.ProduceAsync(name, 0, batch)).Error;
            Assert.Contains(error, new[] { WireErrors.UnknownTopicOrPartition, WireErrors.InvalidTopic });
        });

    // The answer to a metadata request of version 4, up to the error of its one topic.
    private static short ErrorOfOnlyTopic(byte[]? answer)
    {
        var reader = new WireReader(answer);
        reader.Int32();
        reader.Int32();
        for (int brokers = reader.Int32(); brokers > 0; brokers--)
        {
            reader.Int32();
            reader.String();
            reader.Int32();
            reader.String();
        }

        reader.String();
        reader.Int32();
        Assert.Equal(1, reader.Int32());
        return reader.Int16();
    }
}
