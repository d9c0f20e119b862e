using System.Globalization;

namespace FastLog.Cluster.Configs;

/// <summary>Parses lists of <c>NAME://host:port</c> and of <c>NAME:PROTOCOL</c>.</summary>
internal static class ListenerParser
{
    private const string Form = "(expected NAME://host:port)";

    /// <summary>The names, hosts and ports of a list, before anything is known of their security protocols.</summary>
    public static List<(string Name, string Host, int Port)> Parse(string key, string list)
    {
        var parsed = new List<(string Name, string Host, int Port)>();
        foreach (string text in list.Split(',', StringSplitOptions.TrimEntries))
        {
            (string Name, string Host, int Port) listener = ParseOne(key, text);
            if (parsed.Any(other => other.Name == listener.Name))
            {
                throw ConfigException.About(key, $"two listeners are named {listener.Name} (expected each name once)");
            }

            parsed.Add(listener);
        }

        return parsed;
    }

    /// <summary>Which security protocol each listener name speaks.</summary>
    public static Dictionary<string, SecurityProtocol> ParseProtocols(string key, string map)
    {
        var protocols = new Dictionary<string, SecurityProtocol>(StringComparer.Ordinal);
        foreach (string pair in map.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = pair.LastIndexOf(':');
            string name = colon < 0 ? "" : pair[..colon].Trim().ToUpperInvariant();
            SecurityProtocol? protocol = colon < 0 ? null : ParseProtocol(pair[(colon + 1)..].Trim());
            if (name.Length == 0 || protocol is null)
            {
                throw ConfigException.About(
                    key,
                    $"{Quoted.Value(pair)} is not allowed " +
                    "(expected NAME:PROTOCOL, the protocol one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL)");
            }

            if (!protocols.TryAdd(name, protocol.Value))
            {
                throw ConfigException.About(key, $"{Quoted.Plain(name)} stands there twice (expected each name once)");
            }
        }

        return protocols;
    }

    /// <summary>The protocol's name as Kafka writes it.</summary>
    public static string NameOf(SecurityProtocol protocol) => protocol switch
    {
        SecurityProtocol.Plaintext => "PLAINTEXT",
        SecurityProtocol.Ssl => "SSL",
        SecurityProtocol.SaslPlaintext => "SASL_PLAINTEXT",
        _ => "SASL_SSL",
    };

    private static SecurityProtocol? ParseProtocol(string name) => name.ToUpperInvariant() switch
    {
        "PLAINTEXT" => SecurityProtocol.Plaintext,
        "SSL" => SecurityProtocol.Ssl,
        "SASL_PLAINTEXT" => SecurityProtocol.SaslPlaintext,
        "SASL_SSL" => SecurityProtocol.SaslSsl,
        _ => null,
    };

    private static (string Name, string Host, int Port) ParseOne(string key, string text)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        int colon = text.LastIndexOf(':');
        if (scheme <= 0 || colon < scheme + 3)
        {
            throw ConfigException.About(key, $"{Quoted.Value(text)} is not a listener {Form}");
        }

        string name = text[..scheme].Trim().ToUpperInvariant();
        string host = text[(scheme + 3)..colon];
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        host = isBracketed ? host[1..^1] : host;
        if (!name.All(IsNameCharacter) || !host.All(IsHostCharacter))
        {
            throw ConfigException.About(key, $"{Quoted.Value(text)} is not a listener {Form}");
        }

        if (!isBracketed && host.Contains(':', StringComparison.Ordinal))
        {
            throw ConfigException.About(
                key,
                $"{Quoted.Value(text)} is not a listener (expected an IPv6 address in brackets: NAME://[host]:port)");
        }

        bool isPort = ushort.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port);
        return isPort
            ? (name, host, port)
            : throw ConfigException.About(
                key, $"{Quoted.Value(text)} has no port {Form[..^1]}, the port 0 to 65535)");
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.';

    private static bool IsHostCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '%' or '.' or '_' or ':';
}
