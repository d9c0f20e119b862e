namespace FastLog.Server.Commands;

/// <summary>Takes facts one by one and prints each kind of thing as a line: text for people, JSON for programs.</summary>
internal abstract class DumpOutput : IDisposable
{
    /// <summary>Begins a line about a thing of this kind.</summary>
    public abstract void Begin(string type);

    /// <summary>Adds a number.</summary>
    public abstract void Add(string name, long value);

    /// <summary>Adds a text; null is left out.</summary>
    public abstract void Add(string name, string? value);

    /// <summary>Adds a fact that is told only when it holds.</summary>
    public abstract void AddIf(string name, bool holds);

    /// <summary>Adds bytes, as text where they are UTF-8.</summary>
    public abstract void AddBytes(string name, ReadOnlySpan<byte> bytes, bool isNull);

    /// <summary>Ends the line.</summary>
    public abstract void End();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
