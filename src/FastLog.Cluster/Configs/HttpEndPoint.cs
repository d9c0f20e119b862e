using System.Globalization;

namespace FastLog.Cluster.Configs;

/// <summary>An address that HTTP is served on.</summary>
/// <param name="Host">A host name or an address without brackets; empty means every interface.</param>
/// <param name="Port">0 to 65535; 0 lets the operating system choose a free one.</param>
public sealed record HttpEndPoint(string Host, int Port)
{
    private const string Scheme = "http://";

    /// <summary>The address as <c>http://host:port</c>.</summary>
    public override string ToString() =>
        Host.Contains(':', StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"{Scheme}[{Host}]:{Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{Scheme}{Host}:{Port}");

    /// <summary>The addresses of a list separated by commas; an empty list is allowed.</summary>
    /// <exception cref="ConfigException">One of them is no <c>http://host:port</c>.</exception>
    internal static List<HttpEndPoint> ParseList(string key, string list)
    {
        var parsed = new List<HttpEndPoint>();
        foreach (string text in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            HttpEndPoint endPoint = TryParse(text) ?? throw ConfigException.About(
                key, $"{Quoted.Value(text)} is not an address of HTTP (expected http://host:port)");
            if (endPoint.Port != 0 && parsed.Contains(endPoint))
            {
                throw ConfigException.About(key, $"{endPoint} stands there twice (expected another port)");
            }

            parsed.Add(endPoint);
        }

        return parsed;
    }

    private static HttpEndPoint? TryParse(string text)
    {
        int colon = text.LastIndexOf(':');
        if (!text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || colon < Scheme.Length)
        {
            return null;
        }

        string host = text[Scheme.Length..colon];
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        host = isBracketed ? host[1..^1] : host;
        bool isHost = host.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' || (isBracketed && c is ':' or '%'));
        return isHost && ushort.TryParse(
            text.AsSpan(colon + 1).TrimEnd('/'), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port)
            ? new HttpEndPoint(host, port)
            : null;
    }
}
