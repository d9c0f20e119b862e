namespace FastLog.LoadGen.Suite;

/// <summary>A folder that nothing was in, and that goes away when disposed.</summary>
internal sealed class FreshFolder : IDisposable
{
    public FreshFolder(string parent)
    {
        FolderPath = Path.Combine(parent, $"run-{Guid.NewGuid():N}");
        Directory.CreateDirectory(FolderPath);
    }

    public string FolderPath { get; }

    public string Below(string name) => Path.Combine(FolderPath, name);

    public void Dispose() => Directory.Delete(FolderPath, recursive: true);
}
