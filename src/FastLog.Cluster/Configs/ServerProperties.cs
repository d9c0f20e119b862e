using System.Text;

namespace FastLog.Cluster.Configs;

/// <summary>
/// The keys and values of a properties file, in the order in which they first appear. Of two lines with the same
/// key the later wins, and overrides of the command line win over both.
/// </summary>
public sealed class ServerProperties
{
    /// <summary>The largest file that is read.</summary>
    public const int FileBytesMax = 1024 * 1024;

    private readonly Dictionary<string, string> _values;

    private ServerProperties(Dictionary<string, string> values, IReadOnlyList<string> names)
    {
        _values = values;
        Names = names;
    }

    /// <summary>No keys at all.</summary>
    public static ServerProperties Empty { get; } = new(new Dictionary<string, string>(StringComparer.Ordinal), []);

    /// <summary>The keys, in the order in which they first appear.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The values by key; the values are trimmed.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>Parses the text of a properties file.</summary>
    /// <exception cref="ConfigException">An escape is malformed.</exception>
    public static ServerProperties Parse(string text) => From(PropertiesParser.Parse(text));

    /// <summary>Reads a properties file (UTF-8).</summary>
    /// <exception cref="ConfigException">The file cannot be read, is too large or malformed.</exception>
    public static ServerProperties ReadFile(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            byte[] bytes = new byte[FileBytesMax + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= FileBytesMax
                ? Parse(Encoding.UTF8.GetString(bytes, 0, length).TrimStart('\uFEFF'))
                : throw new ConfigException($"the file is larger than {FileBytesMax} bytes");
        }
        catch (ConfigException e)
        {
            throw new ConfigException($"{Quoted.Plain(path)}: {e.Message}", e);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ConfigException($"{Quoted.Plain(path)}: no such file", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ConfigException($"{Quoted.Plain(path)}: cannot be read: {Quoted.Plain(e.Message)}", e);
        }
    }

    /// <summary>The same properties with <c>key=value</c> overrides laid over them, the last one strongest.</summary>
    /// <exception cref="ConfigException">An override has no equals sign or no key.</exception>
    public ServerProperties With(IEnumerable<string> overrides)
    {
        List<KeyValuePair<string, string>> pairs = [.. Names.Select(name => KeyValuePair.Create(name, _values[name]))];
        foreach (string text in overrides)
        {
            int equalsSign = text.IndexOf('=', StringComparison.Ordinal);
            string name = equalsSign < 0 ? "" : text[..equalsSign].Trim();
            if (name.Length == 0)
            {
                throw ConfigException.About(
                    "--override", $"{Quoted.Value(text)} is not an override (expected key=value)");
            }

            pairs.Add(KeyValuePair.Create(name, text[(equalsSign + 1)..].Trim()));
        }

        return From(pairs);
    }

    private static ServerProperties From(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach ((string name, string value) in pairs)
        {
            if (!values.ContainsKey(name))
            {
                names.Add(name);
            }

            values[name] = value;
        }

        return new ServerProperties(values, names);
    }
}
