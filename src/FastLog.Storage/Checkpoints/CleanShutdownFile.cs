using System.Globalization;
using System.Text.Json;

namespace FastLog.Storage;

/// <summary>.kafka_cleanshutdown: everything in the directory was synced and closed; holds the broker's last epoch.</summary>
internal sealed class CleanShutdownFile(IFileSystem files, string directory)
{
    public const string Name = ".kafka_cleanshutdown";

    private readonly string _path = Path.Combine(directory, Name);

    public bool Exists => files.FileExists(_path);

    /// <summary>-1 when it is not told: an older file is empty.</summary>
    public long ReadBrokerEpoch()
    {
        string? text = AtomicFile.ReadText(files, _path);
        if (string.IsNullOrWhiteSpace(text))
            return -1;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("brokerEpoch", out JsonElement epoch)
                && epoch.TryGetInt64(out long value) ? value : -1;
        }
        catch (JsonException)
        {
            return -1;
        }
    }

    public void Write(long brokerEpoch) =>
        AtomicFile.WriteText(
            files, _path, string.Create(CultureInfo.InvariantCulture, $"{{\"version\":0,\"brokerEpoch\":{brokerEpoch}}}"));

    public void Delete()
    {
        files.DeleteFile(_path);
        files.SyncDirectory(directory);
    }
}
