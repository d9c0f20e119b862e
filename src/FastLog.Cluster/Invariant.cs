using System.Diagnostics.CodeAnalysis;

namespace FastLog.Cluster;

/// <summary>What must hold. On in release: a node whose own rules broke must stop, not go on answering.</summary>
internal static class Invariant
{
    public static void Check([DoesNotReturnIf(false)] bool holds, string rule)
    {
        if (!holds)
        {
            Throw(rule);
        }
    }

    [DoesNotReturn]
    private static void Throw(string rule) => throw new InvalidOperationException("Broken invariant: " + rule);
}
