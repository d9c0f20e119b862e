using System.Formats.Tar;
using System.IO.Compression;

namespace FastLog.KafkaData;

/// <summary>An unpacked copy of a data directory that Kafka wrote; goes away with this object.</summary>
internal sealed class KafkaDataDirectory : IDisposable
{
    public const string ClusterId = "GoldenDataAAAAAAAAAAAQ";
    public const int NodeId = 1;

    private readonly string _root = Directory.CreateTempSubdirectory("fastlog-kafkadata-").FullName;

    public KafkaDataDirectory(string kind)
    {
        Kind = kind;
        using Stream packed = Open($"datadir-{kind}.tgz");
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(unpacked, _root, overwriteFiles: false);
    }

    /// <summary>"clean" or "unclean".</summary>
    public string Kind { get; }

    /// <summary>The log directory.</summary>
    public string Path => System.IO.Path.Combine(_root, "kafka-data");

    public string PathOf(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>The text of one of the packed files beside the directories.</summary>
    public static string ReadText(string name)
    {
        using var unpacked = new GZipStream(Open(name + ".gz"), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        return reader.ReadToEnd();
    }

    private static Stream Open(string name) =>
        typeof(KafkaDataDirectory).Assembly.GetManifestResourceStream(name)
        ?? throw new InvalidOperationException($"{name} is not part of these tests.");
}
