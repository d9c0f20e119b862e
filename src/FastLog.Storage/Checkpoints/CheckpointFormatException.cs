namespace FastLog.Storage;

/// <summary>A file that storage keeps beside the logs does not have the form it must have.</summary>
public sealed class CheckpointFormatException(string path, string problem) : IOException($"{path}: {problem}")
{
    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it.</summary>
    public string Problem { get; } = problem;
}
