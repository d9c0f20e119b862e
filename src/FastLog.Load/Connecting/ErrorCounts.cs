using System.Collections.Concurrent;
using FastLog.Protocol;

namespace FastLog.Load.Connecting;

/// <summary>Counts the errors that requests were answered with. Any thread.</summary>
internal sealed class ErrorCounts
{
    private readonly ConcurrentDictionary<ErrorCode, long> _counts = new();

    public void Count(ErrorCode error) => _counts.AddOrUpdate(error, 1, static (_, before) => before + 1);

    public void Clear() => _counts.Clear();

    /// <summary>By the errors' names; empty when all went well.</summary>
    public IReadOnlyDictionary<string, long> ByName() =>
        _counts.OrderBy(pair => pair.Key).ToDictionary(pair => pair.Key.Name(), pair => pair.Value);
}
