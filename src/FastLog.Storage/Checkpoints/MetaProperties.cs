using System.Globalization;
using FastLog.Records;

namespace FastLog.Storage;

/// <summary>meta.properties: which cluster and node a log directory belongs to.</summary>
/// <param name="ClusterId">cluster.id as text.</param>
/// <param name="NodeId">node.id.</param>
/// <param name="DirectoryId">directory.id; empty when the file has none.</param>
public sealed record MetaProperties(string ClusterId, int NodeId, Guid DirectoryId)
{
    internal const string Name = "meta.properties";

    /// <summary>Reads the file of a log directory; null when the directory was never formatted.</summary>
    /// <exception cref="CheckpointFormatException">The file is not one of version 1.</exception>
    public static MetaProperties? Read(IFileSystem files, string directory)
    {
        string path = Path.Combine(directory, Name);
        string? text = AtomicFile.ReadText(files, path);
        if (text is null)
            return null;
        Dictionary<string, string> properties = [];
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (!line.StartsWith('#') && equals > 0)
                properties[line[..equals].Trim()] = line[(equals + 1)..].Trim();
        }
        if (properties.GetValueOrDefault("version") != "1")
            throw new CheckpointFormatException(path, "version must be 1");
        if (!properties.TryGetValue("cluster.id", out string? clusterId))
            throw new CheckpointFormatException(path, "cluster.id is missing");
        if (!int.TryParse(properties.GetValueOrDefault("node.id"), NumberStyles.None, CultureInfo.InvariantCulture, out int nodeId))
            throw new CheckpointFormatException(path, "node.id is missing or no number");
        Guid directoryId = Guid.Empty;
        if (properties.TryGetValue("directory.id", out string? idText) && !UuidText.TryParse(idText, out directoryId))
            throw new CheckpointFormatException(path, "directory.id is no uuid");
        return new MetaProperties(clusterId, nodeId, directoryId);
    }

    /// <summary>Writes the file of a log directory.</summary>
    public void Write(IFileSystem files, string directory) =>
        AtomicFile.WriteText(
            files,
            Path.Combine(directory, Name),
            string.Create(
                CultureInfo.InvariantCulture,
                $"cluster.id={ClusterId}\ndirectory.id={UuidText.Format(DirectoryId)}\nnode.id={NodeId}\nversion=1\n"));
}
