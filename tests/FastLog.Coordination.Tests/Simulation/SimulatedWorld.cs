using Microsoft.Extensions.Logging;

namespace FastLog.Coordination.Tests.Simulation;

/// <summary>What everybody in a simulation shares: the clock, the lots, the topics, and a memory of what happened last.</summary>
internal sealed class SimulatedWorld(int seed) : ILogger
{
    private const int TrailLength = 80;

    private readonly Queue<string> _trail = new();
    private string? _lastNote;

    public SimulatedTime Time { get; } = new();

    public Random Random { get; } = new(seed);

    public SimulatedTopics Topics { get; set; } = SimulatedTopics.None;

    /// <summary>Whether things go wrong.</summary>
    public bool IsNoisy { get; set; } = true;

    public string Trail => string.Join('\n', _trail);

    public bool Happens(double chance) => IsNoisy && Random.NextDouble() < chance;

    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.NextBytes(bytes);
        return new Guid(bytes);
    }

    public void Note(string what)
    {
        if (what == _lastNote)
        {
            return;
        }

        _lastNote = what;
        _trail.Enqueue($"{(Time.NowMs - SimulatedTime.StartMs) / 1000.0:0.000} {what}");
        if (_trail.Count > TrailLength)
        {
            _trail.Dequeue();
        }
    }

    /// <summary>What a coordinator logs as an error is a bug: nothing in a simulation damages its log.</summary>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error)
        {
            throw new SimulationFailure($"{formatter(state, exception)}: {exception}");
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
