namespace FastLog.Interop.Harness;

/// <summary>A fresh folder for one broker's data, gone when disposed.</summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>Makes the folder.</summary>
    public DataDirectory() => Path = Directory.CreateTempSubdirectory("fastlog-interop-").FullName;

    /// <summary>Where it lies.</summary>
    public string Path { get; }

    /// <summary>
    /// Every folder below it and every file of records with its size, relative and sorted. Checkpoints, which a broker
    /// writes when it is their time, are left out.
    /// </summary>
    public IReadOnlyList<string> Listing() =>
        [.. new DirectoryInfo(Path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories)
            .Where(entry => entry is DirectoryInfo || entry.Extension == ".log")
            .Select(entry => System.IO.Path.GetRelativePath(Path, entry.FullName) + (entry is FileInfo file ? $" {file.Length}" : ""))
            .Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
