namespace FastLog.StorageBench.Disk;

/// <summary>A fresh folder that goes away when disposed.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder(string parent)
    {
        Directory.CreateDirectory(parent);
        DirectoryPath = Path.Combine(Path.GetFullPath(parent), $"storage-bench-{Environment.ProcessId}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(DirectoryPath);
    }

    public string DirectoryPath { get; }

    public string File(string name) => Path.Combine(DirectoryPath, name);

    public void Dispose() => Directory.Delete(DirectoryPath, recursive: true);
}
