using System.Text.RegularExpressions;

namespace FastLog.Cluster.Configs;

/// <summary>What is known of a client that pushes metrics.</summary>
/// <param name="ClientId">The client id of its requests.</param>
/// <param name="InstanceId">The id it was given, as Kafka writes ids.</param>
/// <param name="SoftwareName">What it says it is; empty when it does not say.</param>
/// <param name="SoftwareVersion">Its version; empty when it does not say.</param>
/// <param name="SourceAddress">Its IP address.</param>
/// <param name="SourcePort">Its port.</param>
public readonly record struct ClientTraits(
    string ClientId, string InstanceId, string SoftwareName, string SoftwareVersion, string SourceAddress, string SourcePort);

/// <summary>One thing that clients are chosen by: a trait that matches a regular expression as a whole.</summary>
public sealed class ClientMatch
{
    private readonly Func<ClientTraits, string> _trait;
    private readonly Regex _pattern;

    private ClientMatch(Func<ClientTraits, string> trait, Regex pattern)
    {
        _trait = trait;
        _pattern = pattern;
    }

    /// <summary>Reads <c>trait=expression</c>; null when it is not one.</summary>
    public static ClientMatch? TryParse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int equalsSign = text.IndexOf('=', StringComparison.Ordinal);
        if (equalsSign < 0 || TraitOf(text[..equalsSign].Trim()) is not { } trait)
        {
            return null;
        }

        try
        {
            // Without backtracking an expression takes time in proportion to the text, whoever wrote it.
            return new ClientMatch(
                trait,
                new Regex(
                    $@"\A(?:{text[(equalsSign + 1)..].Trim()})\z",
                    RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Whether a client is meant.</summary>
    public bool Includes(in ClientTraits client) => _pattern.IsMatch(_trait(client));

    private static Func<ClientTraits, string>? TraitOf(string name) => name switch
    {
        "client_id" => client => client.ClientId,
        "client_instance_id" => client => client.InstanceId,
        "client_software_name" => client => client.SoftwareName,
        "client_software_version" => client => client.SoftwareVersion,
        "client_source_address" => client => client.SourceAddress,
        "client_source_port" => client => client.SourcePort,
        _ => null,
    };
}
