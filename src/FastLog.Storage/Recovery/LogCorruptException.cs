namespace FastLog.Storage;

/// <summary>
/// Data that was durable is damaged or gone. The log is not opened: cutting it would lose what was acknowledged and is
/// still there behind the damage.
/// </summary>
public sealed class LogCorruptException(string path, long position, string problem)
    : IOException($"{path} at position {position}: {problem}")
{
    /// <summary>The damaged file.</summary>
    public string Path { get; } = path;

    /// <summary>Where in the file, in bytes.</summary>
    public long Position { get; } = position;

    /// <summary>What is wrong there.</summary>
    public string Problem { get; } = problem;
}
