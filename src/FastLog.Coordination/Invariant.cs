using System.Diagnostics.CodeAnalysis;

namespace FastLog.Coordination;

/// <summary>Assertions that stay on in release builds: a broken invariant stops the operation, never the data.</summary>
internal static class Invariant
{
    /// <summary>Throws when <paramref name="holds"/> is false.</summary>
    /// <exception cref="InvalidOperationException">The invariant does not hold.</exception>
    public static void Check([DoesNotReturnIf(false)] bool holds, string what)
    {
        if (!holds)
        {
            Fail(what);
        }
    }

    [DoesNotReturn]
    private static void Fail(string what) => throw new InvalidOperationException("Invariant broken: " + what);
}
