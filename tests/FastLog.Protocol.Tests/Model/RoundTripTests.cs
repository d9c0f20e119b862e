using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Tests.Model;

/// <summary>Random messages of every version of every schema, there and back.</summary>
public sealed class RoundTripTests
{
    private const int MessagesPerVersion = 12;

    private static readonly int Seed = Environment.TickCount;

    public static TheoryData<string> MessageNames => new(Schemas.Messages.Select(m => m.Name));

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Random_messages_encode_by_the_rules_and_decode_to_equals(string name)
    {
        MessageModel model = Schemas.Get(name);
        var random = new Random(Seed);
        var messages = new RandomMessages(random);
        IMessage reused = Schemas.Create(model);
        foreach (short version in Schemas.VersionsOf(model))
        {
            for (int i = 0; i < MessagesPerVersion; i++)
            {
                IMessage message = messages.Next(model, version);
                string what = $"{name} v{version}, seed {Seed}";
                byte[] expected = ReferenceEncoder.Encode(model, message, version);
                byte[] encoded = message.ToArray(version);
                Assert.True(expected.AsSpan().SequenceEqual(encoded), $"{what}: other bytes than the reference encoder's");
                Assert.True(message.SizeInBytes(version) == encoded.Length, $"{what}: other size than bytes");

                IMessage fresh = Schemas.Create(model);
                AssertDecodes(message, fresh, new MessageReader(encoded), version, what);
                AssertDecodes(message, reused, new MessageReader(encoded), version, what + ", reused");
                var split = new MessageReader(SplitSequence.Random(encoded, random));
                AssertDecodes(message, reused, split, version, what + ", in segments");
            }
        }
    }

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void A_message_cut_into_single_bytes_decodes_to_an_equal(string name)
    {
        MessageModel model = Schemas.Get(name);
        var messages = new RandomMessages(new Random(Seed));
        foreach (short version in Schemas.VersionsOf(model))
        {
            IMessage message = messages.Next(model, version);
            var reader = new MessageReader(SplitSequence.Bytewise(message.ToArray(version)));
            AssertDecodes(message, Schemas.Create(model), reader, version, $"{name} v{version}, seed {Seed}");
        }
    }

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Reset_leaves_nothing_of_what_was_there(string name)
    {
        MessageModel model = Schemas.Get(name);
        var messages = new RandomMessages(new Random(Seed));
        foreach (short version in Schemas.VersionsOf(model))
        {
            IMessage message = messages.Next(model, version);
            message.Reset();
            Assert.Null(MessageComparer.FirstDifference(Schemas.Create(model), message));
        }
    }

    [Theory]
    [MemberData(nameof(MessageNames))]
    public void Versions_that_do_not_exist_are_refused_both_ways(string name)
    {
        MessageModel model = Schemas.Get(name);
        IMessage message = Schemas.Create(model);
        Assert.Equal(model.Versions.Low, message.Versions.Lowest);
        Assert.Equal(model.Versions.High, message.Versions.Highest);
        foreach (int version in new[] { model.Versions.Low - 1, model.Versions.High + 1 })
        {
            Assert.Throws<ProtocolException>(() => message.ToArray((short)version));
            Assert.Throws<ProtocolException>(() => message.DecodeFrom(new byte[1000], (short)version));
        }
    }

    private static void AssertDecodes(
        IMessage expected, IMessage target, MessageReader reader, short version, string what)
    {
        target.Decode(ref reader, version);
        Assert.True(reader.Remaining == 0, $"{what}: {reader.Remaining} bytes left");
        string? difference = MessageComparer.FirstDifference(expected, target);
        Assert.True(difference is null, $"{what}: {difference}");
    }
}
