namespace FastLog.Interop.Harness;

/// <summary>A fresh folder for one broker's data, gone when disposed.</summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>Makes the folder.</summary>
    public DataDirectory() => Path = Directory.CreateTempSubdirectory("fastlog-interop-").FullName;

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>Every entry below it, relative, sorted; each file of a partition's records with its size.</summary>
    public IReadOnlyList<string> Listing() =>
        [.. Directory.EnumerateFileSystemEntries(Path, "*", SearchOption.AllDirectories)
            .Select(entry => System.IO.Path.GetRelativePath(Path, entry)
                + (entry.EndsWith(".log", StringComparison.Ordinal) ? $" {new FileInfo(entry).Length}" : ""))
            .Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
