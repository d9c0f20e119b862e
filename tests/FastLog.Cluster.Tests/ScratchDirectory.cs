namespace FastLog.Cluster.Tests;

/// <summary>A directory of a test's own, gone after it. In memory where the machine has such a place.</summary>
internal sealed class ScratchDirectory : IDisposable
{
    private const string MemoryRoot = "/dev/shm";

    public ScratchDirectory()
    {
        var root = Directory.Exists(MemoryRoot) ? MemoryRoot : System.IO.Path.GetTempPath();
        Path = System.IO.Path.Combine(root, "fastlog-cluster-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string Sub(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
