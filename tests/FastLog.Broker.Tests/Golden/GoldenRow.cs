using FastLog.Protocol;

namespace FastLog.Broker.Tests.Golden;

/// <summary>A request and Kafka's answer, without their size fields; the files are those of the protocol's tests.</summary>
internal sealed record GoldenRow(ApiKey Api, short Version, string Client, byte[] Request, byte[] Response)
{
    public static IEnumerable<GoldenRow> Of(ApiKey api) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", $"{(short)api:00}-{api}.tsv")).Skip(1)
            .Select(line => line.Split('\t'))
            .Select(row => new GoldenRow(
                api, short.Parse(row[0]), row[1], Convert.FromHexString(row[2]), Convert.FromHexString(row[3])));
}
