using System;

namespace FastLog.Protocol.Generator.Parsing;

/// <summary>A mistake in a schema file, at a zero-based line.</summary>
internal sealed record SchemaError(string Path, int Line, string Message);

/// <summary>Ends the parse of one file at its first mistake; never leaves the generator.</summary>
internal sealed class SchemaException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
