namespace FastLog.LoadGen.Suite.Reports;

/// <summary>Takes this machine's paths out of what is kept.</summary>
/// <param name="names">Absolute paths, and what stands for each of them.</param>
internal sealed class PathScrubber(IReadOnlyDictionary<string, string> names)
{
    // The longest first: a folder within another must be found before the outer one is.
    private readonly (string Path, string Name)[] _names =
        [.. names.OrderByDescending(name => name.Key.Length).Select(name => (name.Key, name.Value))];

    public string Clean(string text)
    {
        foreach ((string path, string name) in _names)
        {
            text = text.Replace(path, name, StringComparison.Ordinal);
        }

        return text;
    }
}
