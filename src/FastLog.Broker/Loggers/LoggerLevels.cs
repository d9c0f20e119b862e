using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace FastLog.Broker.Loggers;

/// <summary>
/// From which level on each logger of the process writes. One that has no level of its own follows the root. Thread-safe;
/// asking costs a read.
/// </summary>
/// <param name="root">The root's level at first.</param>
public sealed class LoggerLevels(LogLevel root)
{
    /// <summary>The name that the root has.</summary>
    public const string RootName = "root";

    private readonly ConcurrentDictionary<string, LoggerLevel> _byName = new(StringComparer.Ordinal);
    private int _root = (int)root;

    /// <summary>The root's level.</summary>
    public LogLevel Root => (LogLevel)Volatile.Read(ref _root);

    /// <summary>The loggers there are, by name, the root not among them.</summary>
    public IEnumerable<LoggerLevel> All => _byName.Values.OrderBy(level => level.Name, StringComparer.Ordinal);

    /// <summary>The level of a logger, which is there from now on.</summary>
    /// <param name="name">The logger's name.</param>
    public LoggerLevel Of(string name) => _byName.GetOrAdd(name, static (key, owner) => new LoggerLevel(key, owner), this);

    /// <summary>Whether there is a logger of that name, or it is the root's.</summary>
    /// <param name="name">The name.</param>
    public bool Contains(string name) => name == RootName || _byName.ContainsKey(name);

    /// <summary>Gives a logger that is there a level of its own; null takes it away. The root always has one.</summary>
    /// <param name="name">The logger's name, or the root's.</param>
    /// <param name="level">The level.</param>
    public void Set(string name, LogLevel? level)
    {
        if (name == RootName)
        {
            Invariant.Check(level is not null, "the root logger has a level");
            Volatile.Write(ref _root, (int)level!.Value);
        }
        else if (_byName.TryGetValue(name, out var logger))
        {
            logger.Own = level;
        }
    }
}

/// <summary>The level of one logger.</summary>
public sealed class LoggerLevel
{
    private const int NotSet = -1;

    private readonly LoggerLevels _owner;
    private int _own = NotSet;

    internal LoggerLevel(string name, LoggerLevels owner)
    {
        Name = name;
        _owner = owner;
    }

    /// <summary>The logger's name.</summary>
    public string Name { get; }

    /// <summary>The level from which on it writes.</summary>
    public LogLevel Effective => Own ?? _owner.Root;

    /// <summary>Its own level, or null when it follows the root.</summary>
    public LogLevel? Own
    {
        get => Volatile.Read(ref _own) is var own && own == NotSet ? null : (LogLevel)own;
        internal set => Volatile.Write(ref _own, value is { } level ? (int)level : NotSet);
    }
}

/// <summary>Loggers whose levels can change while they are in use.</summary>
public interface ILeveledLoggers : ILoggerFactory
{
    /// <summary>The levels.</summary>
    LoggerLevels Levels { get; }
}
