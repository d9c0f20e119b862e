using System.Diagnostics.CodeAnalysis;

namespace FastLog.Protocol;

/// <summary>
/// Bytes that are no message, or a message that its version cannot carry: the one exception this room throws
/// at anything that came from outside. Whoever read the bytes closes the connection they came from.
/// </summary>
public sealed class ProtocolException : Exception
{
    /// <summary>An exception without words.</summary>
    public ProtocolException()
    {
    }

    /// <summary>An exception that says what is wrong with the bytes or the message.</summary>
    public ProtocolException(string message)
        : base(message)
    {
    }

    /// <summary>An exception that says what is wrong, and what it follows from.</summary>
    public ProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Throws because a field says something that this version of the message has no place for.</summary>
    [DoesNotReturn]
    public static void ThrowFieldLacking(string field, short version) =>
        throw new ProtocolException($"{field} is set, but version {version} has no such field");

    [DoesNotReturn]
    internal static void ThrowVersion(string message, short version) =>
        throw new ProtocolException($"{message} has no version {version}");

    [DoesNotReturn]
    internal static void ThrowTruncated(long needed, long remaining) =>
        throw new ProtocolException($"needs {needed} bytes where {remaining} are left");

    [DoesNotReturn]
    internal static void ThrowLength(string what, long length) =>
        throw new ProtocolException($"length {length} of {what} is not allowed");

    [DoesNotReturn]
    internal static void ThrowNull(string what) =>
        throw new ProtocolException($"{what} is null where the version does not allow it");

    [DoesNotReturn]
    internal static void ThrowVarint() =>
        throw new ProtocolException("a variable-length integer does not fit 32 bits");

    [DoesNotReturn]
    internal static void ThrowTagEnd() =>
        throw new ProtocolException("a tagged field does not fill its declared size");
}
