namespace FastLog.LoadGen.Suite.Reports;

/// <summary>The folder of what programs printed, without paths of this machine in it.</summary>
internal sealed class RawOutput(string folder, PathScrubber scrubber)
{
    public string Folder { get; } = folder;

    public Task WriteAsync(string name, string text, CancellationToken cancellationToken) =>
        File.WriteAllTextAsync(Path.Combine(Folder, name), scrubber.Clean(text), cancellationToken);

    /// <summary>Cleans a file that another process wrote here.</summary>
    public async Task CleanAsync(string name, CancellationToken cancellationToken)
    {
        string path = Path.Combine(Folder, name);
        if (File.Exists(path))
        {
            await WriteAsync(name, await File.ReadAllTextAsync(path, cancellationToken), cancellationToken);
        }
    }
}
