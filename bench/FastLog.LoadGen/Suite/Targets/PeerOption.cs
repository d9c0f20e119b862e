using System.Globalization;
using System.Text.RegularExpressions;

namespace FastLog.LoadGen.Suite.Targets;

/// <summary>Reads <c>NAME=HOST:PORT[,pid=N]</c>.</summary>
internal static partial class PeerOption
{
    /// <exception cref="FormatException">It is something else; the message says what is wanted.</exception>
    public static Target Parse(string text)
    {
        Match match = Form().Match(text);
        if (!match.Success
            || !ushort.TryParse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            throw new FormatException($"'{text}' is no peer: give NAME=HOST:PORT or NAME=HOST:PORT,pid=N");
        }

        string name = match.Groups["name"].Value;
        if (string.Equals(name, Target.OwnName, StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException($"a peer cannot be called {name}: that is the broker started here");
        }

        int? pid = null;
        if (match.Groups["pid"].Success)
        {
            pid = int.TryParse(match.Groups["pid"].ValueSpan, CultureInfo.InvariantCulture, out int given) && given > 0
                ? given
                : throw new FormatException($"'{match.Groups["pid"].Value}' is no process id");
        }

        return new Target(name, $"{match.Groups["host"].Value}:{port}", pid, IsPeer: true);
    }

    /// <exception cref="FormatException">One is no peer, or two have one name.</exception>
    public static IReadOnlyList<Target> ParseAll(IReadOnlyCollection<string> texts)
    {
        Target[] peers = [.. texts.Select(Parse)];
        return peers.DistinctBy(peer => peer.Name, StringComparer.OrdinalIgnoreCase).Count() == peers.Length
            ? peers
            : throw new FormatException("two peers have one name");
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9][A-Za-z0-9._-]{0,30})=(?<host>[^\s,=]+):(?<port>[0-9]{1,5})(,pid=(?<pid>[0-9]+))?$")]
    private static partial Regex Form();
}
