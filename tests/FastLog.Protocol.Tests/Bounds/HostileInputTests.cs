using FastLog.Protocol.Generator.Model;
using FastLog.Protocol.Tests.Golden;
using FastLog.Protocol.Tests.Model;

namespace FastLog.Protocol.Tests.Bounds;

/// <summary>Input that is cut off or changed is decoded or refused, and never costs more than a multiple of its size.</summary>
public sealed class HostileInputTests
{
    private const int MutatedFrames = 60_000;

    /// <summary>Bytes a decode may allocate per byte of input, for elements that are smaller on the wire than in memory.</summary>
    private const long AllocatedPerByteMax = 64;

    /// <summary>What a message, its empty lists and a thrown exception cost whatever the input.</summary>
    private const long AllocatedBaseMax = 64 * 1024;

    private static readonly int Seed = Environment.TickCount;

    private static readonly byte[][] Numbers =
    [
        [0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFE], [0x7F, 0xFF],
        [0x80, 0], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0x80, 0x80, 0x80, 0x80, 0x80, 0],
        [0, 0, 0x40, 0], [0xFF, 0x7F], [0], [1],
    ];

    [Fact]
    public void Mutated_frames_are_decoded_or_refused()
    {
        var random = new Random(Seed);
        int refused = 0;
        for (int i = 0; i < MutatedFrames; i++)
        {
            GoldenFrame frame = GoldenFrame.All[random.Next(GoldenFrame.All.Count)];
            bool isRequest = frame.Response.Length == 0 || random.Next(2) == 0;
            byte[] mutated = Mutate(isRequest ? frame.Request : frame.Response, random);
            string what = $"{frame}, mutation {i}, seed {Seed}";
            refused += IsRefused(mutated, what, reader => Decode(ref reader, frame, isRequest)) ? 1 : 0;
        }

        // Were all of them refused, or none, the mutations would test nothing.
        Assert.InRange(refused, MutatedFrames / 20, MutatedFrames * 19 / 20);
    }

    [Fact]
    public void Mutated_messages_of_every_schema_and_version_are_decoded_or_refused()
    {
        var random = new Random(Seed);
        var messages = new RandomMessages(random);
        foreach (MessageModel model in Schemas.Messages)
        {
            foreach (short version in Schemas.VersionsOf(model))
            {
                byte[] bytes = messages.Next(model, version).ToArray(version);
                for (int i = 0; i < 20; i++)
                {
                    byte[] mutated = Mutate(bytes, random);
                    IMessage target = Schemas.Create(model);
                    IsRefused(
                        mutated, $"{model.Name} v{version}, seed {Seed}", reader => target.Decode(ref reader, version));
                }
            }
        }
    }

    [Fact]
    public void Every_truncation_of_a_request_is_refused()
    {
        foreach (GoldenFrame frame in GoldenFrame.All.Where(f => f.Version != GoldenFrame.UnknownVersion))
        {
            var whole = new MessageReader(frame.Request);
            Decode(ref whole, frame, isRequest: true);
            int end = (int)whole.Consumed;
            int step = Math.Max(1, end / 300);
            for (int length = 0; length < end; length += step)
            {
                byte[] cut = frame.Request[..length];
                string what = $"{frame} cut to {length} bytes";
                Assert.True(IsRefused(cut, what, reader => Decode(ref reader, frame, isRequest: true)), what);
            }
        }
    }

    private static void Decode(ref MessageReader reader, GoldenFrame frame, bool isRequest)
    {
        if (isRequest)
        {
            RequestHeader header = RequestHeader.Decode(ref reader);
            if (!ApiCatalog.TryGet(header.ApiKey, out ApiInfo? info))
            {
                throw new InvalidOperationException("a header named an API that does not exist");
            }

            ApiCatalog.CreateRequest(info.Key).Decode(ref reader, header.ApiVersion);
        }
        else
        {
            ResponseHeader.Decode(ref reader, frame.Api, frame.ResponseVersion);
            ApiCatalog.CreateResponse(frame.Api).Decode(ref reader, frame.ResponseVersion);
        }
    }

    private static bool IsRefused(byte[] bytes, string what, Action<MessageReader> decode)
    {
        bool refused = false;
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            decode(new MessageReader(bytes));
        }
        catch (ProtocolException)
        {
            refused = true;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {Convert.ToHexString(bytes)}", e);
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(
            allocated <= AllocatedBaseMax + (AllocatedPerByteMax * bytes.Length),
            $"{what}: {bytes.Length} bytes made decoding allocate {allocated}");
        return refused;
    }

    private static byte[] Mutate(byte[] original, Random random)
    {
        List<byte> bytes = [.. original];
        for (int i = random.Next(1, 4); i > 0 && bytes.Count > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at));
                    break;
                case 4:
                    bytes.InsertRange(at, Numbers[random.Next(Numbers.Length)]);
                    break;
                default:
                    byte[] number = Numbers[random.Next(Numbers.Length)];
                    bytes.RemoveRange(at, Math.Min(number.Length, bytes.Count - at));
                    bytes.InsertRange(at, number);
                    break;
            }
        }

        return [.. bytes];
    }
}
