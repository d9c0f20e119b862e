using System.Globalization;
using System.Text;
using FastLog.Interop.Harness;

namespace FastLog.Interop.Kcat;

/// <summary>Runs kcat, which stands on librdkafka, against one broker.</summary>
internal sealed class KcatProgram(BrokerProcess broker)
{
    private const string Program = "kcat";

    /// <summary>Produces <paramref name="input"/>, one record per line, and fails unless every record was acknowledged.</summary>
    public Task<ProgramResult> ProduceAsync(string topic, ReadOnlyMemory<byte> input, params string[] options) =>
        RunAsync(["-P", "-t", topic, "-X", "acks=all", .. options], input);

    /// <summary>Produces text, one record per line.</summary>
    public Task<ProgramResult> ProduceAsync(string topic, string input, params string[] options) =>
        ProduceAsync(topic, Encoding.UTF8.GetBytes(input), options);

    /// <summary>All records of the topic, partition by partition in the order of their arrival here.</summary>
    public async Task<IReadOnlyList<KcatRecord>> ConsumeAsync(string topic, params string[] options)
    {
        ProgramResult result = await RunAsync(
            ["-C", "-q", "-e", "-t", topic, "-o", "beginning", "-X", "check.crcs=true", "-f", "%p\\t%o\\t%k\\t%s\\n", .. options]);
        return [.. result.Lines.Select(Parse)];
    }

    /// <summary>Runs kcat with the broker's address and fails unless it succeeds.</summary>
    public Task<ProgramResult> RunAsync(IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default) =>
        ExternalProgram.SucceedAsync(Program, ["-b", broker.Address, .. arguments], input);

    /// <summary>Runs kcat with the broker's address, however it ends.</summary>
    public Task<ProgramResult> TryAsync(params string[] arguments) =>
        ExternalProgram.RunAsync(Program, ["-b", broker.Address, .. arguments]);

    private static KcatRecord Parse(string line)
    {
        string[] parts = line.Split('\t', 4);
        Assert.True(parts.Length == 4, $"kcat printed a line that is no record: {line}");
        return new KcatRecord(
            int.Parse(parts[0], CultureInfo.InvariantCulture),
            long.Parse(parts[1], CultureInfo.InvariantCulture),
            new TextLine(parts[2], parts[3]));
    }
}

/// <summary>A record as kcat printed it.</summary>
internal readonly record struct KcatRecord(int Partition, long Offset, TextLine Line);
