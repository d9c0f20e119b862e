using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace FastLog.Client;

/// <summary>Checks of what must hold, on in release builds too.</summary>
internal static class Invariant
{
    /// <summary>Throws <see cref="InvalidOperationException"/> when <paramref name="holds"/> is false.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Check([DoesNotReturnIf(false)] bool holds, string broken)
    {
        if (!holds)
        {
            Throw(broken);
        }
    }

    [DoesNotReturn]
    private static void Throw(string broken) => throw new InvalidOperationException(broken);
}
