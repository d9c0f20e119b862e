using System.Diagnostics.CodeAnalysis;

namespace FastLog.Records;

/// <summary>Checks of what this room itself promises; a failure is a bug here or a misuse by the caller, never bad input.</summary>
internal static class Invariant
{
    /// <summary>Throws <see cref="InvalidOperationException"/> when <paramref name="holds"/> is false.</summary>
    public static void Check([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds)
        {
            Throw(what);
        }
    }

    [DoesNotReturn]
    private static void Throw(string what) => throw new InvalidOperationException(what);
}
