using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FastLog.Network;

/// <summary>Checks of what must hold; on in every build.</summary>
internal static class Invariant
{
    /// <summary>Throws when <paramref name="condition"/> does not hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check([DoesNotReturnIf(false)] bool condition, string message)
    {
        if (!condition)
        {
            Fail(message);
        }
    }

    [DoesNotReturn]
    private static void Fail(string message) => throw new InvalidOperationException("invariant broken: " + message);
}
