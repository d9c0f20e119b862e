namespace FastLog.Coordination;

/// <summary>A way of assigning that a member of a classic group supports, such as "range".</summary>
/// <param name="Name">Its name.</param>
/// <param name="Metadata">What the member says to it: for consumers a version and a subscription.</param>
public readonly record struct ClassicMemberProtocol(string Name, ReadOnlyMemory<byte> Metadata)
{
    /// <summary>Whether both lists say the same in the same order, byte by byte.</summary>
    internal static bool AreSame(IReadOnlyList<ClassicMemberProtocol> some, IReadOnlyList<ClassicMemberProtocol> others)
    {
        if (some.Count != others.Count)
        {
            return false;
        }

        for (var i = 0; i < some.Count; i++)
        {
            if (some[i].Name != others[i].Name || !some[i].Metadata.Span.SequenceEqual(others[i].Metadata.Span))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The protocol that all support and most would choose, each choosing the first of its own that all support; of
    /// several with as many votes the one that was chosen first. Null when there is none that all support.
    /// </summary>
    internal static string? Vote(IReadOnlyCollection<IReadOnlyList<ClassicMemberProtocol>> voters)
    {
        var supporters = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var protocols in voters)
        {
            foreach (var protocol in protocols)
            {
                supporters[protocol.Name] = supporters.GetValueOrDefault(protocol.Name) + 1;
            }
        }

        var votes = new Dictionary<string, int>(StringComparer.Ordinal);
        string? winner = null;
        foreach (var protocols in voters)
        {
            foreach (var protocol in protocols)
            {
                if (supporters[protocol.Name] == voters.Count)
                {
                    var count = votes[protocol.Name] = votes.GetValueOrDefault(protocol.Name) + 1;
                    winner = winner is null || count > votes[winner] ? protocol.Name : winner;
                    break;
                }
            }
        }

        return winner;
    }
}
