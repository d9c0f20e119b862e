namespace FastLog.Protocol.Tests.Golden;

/// <summary>A request and its response as Apache Kafka 4.0.0 took and gave them, without the 4-byte sizes.</summary>
/// <param name="Api">The API, by the name of the file.</param>
/// <param name="Version">The version in the request's header.</param>
/// <param name="Client">Who sent the request; "generated" for one built by hand.</param>
/// <param name="Request">Header and body.</param>
/// <param name="Response">Header and body; empty where the protocol has no response.</param>
public sealed record GoldenFrame(ApiKey Api, short Version, string Client, byte[] Request, byte[] Response)
{
    /// <summary>The one frame of a version that does not exist, answered in version 0.</summary>
    public const short UnknownVersion = 99;

    /// <summary>The version the response is encoded in.</summary>
    public short ResponseVersion => Version == UnknownVersion ? (short)0 : Version;

    public static IReadOnlyList<GoldenFrame> All { get; } = Directory
        .EnumerateFiles(GoldenFile.Folder, "??-*.tsv")
        .Order(StringComparer.Ordinal)
        .SelectMany(Load)
        .ToList();

    public override string ToString() => $"{Api} v{Version} from {Client}";

    private static IEnumerable<GoldenFrame> Load(string path)
    {
        ApiKey api = Enum.Parse<ApiKey>(Path.GetFileNameWithoutExtension(path)[3..]);
        return GoldenFile.Rows(path).Select(row => new GoldenFrame(
            api,
            short.Parse(row[0]),
            row[1],
            Convert.FromHexString(row[2]),
            Convert.FromHexString(row[3])));
    }
}

/// <summary>The files of recorded bytes, which lie beside the tests.</summary>
public static class GoldenFile
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Golden");

    /// <summary>The tab-separated rows after the line of column names.</summary>
    public static IEnumerable<string[]> Rows(string name) =>
        File.ReadLines(Path.Combine(Folder, name)).Skip(1).Select(line => line.Split('\t'));
}
