using System.Diagnostics.CodeAnalysis;

namespace FastLog.Storage;

/// <summary>What must hold. On in release: a log that broke its own rule must stop, not go on writing.</summary>
internal static class Invariant
{
    public static void Check([DoesNotReturnIf(false)] bool holds, string rule)
    {
        if (!holds)
            Throw(rule);
    }

    [DoesNotReturn]
    private static void Throw(string rule) => throw new InvalidOperationException("Broken invariant: " + rule);
}
