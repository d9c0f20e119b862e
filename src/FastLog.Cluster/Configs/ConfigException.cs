namespace FastLog.Cluster.Configs;

/// <summary>
/// A configuration that cannot be used. The message is one line that names the key, the value and what was
/// expected, fit to be printed as it is.
/// </summary>
public sealed class ConfigException : Exception
{
    /// <summary>Creates the exception with the line to print.</summary>
    public ConfigException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the line to print and what caused it.</summary>
    public ConfigException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an exception without a particular cause.</summary>
    public ConfigException()
        : this("The configuration cannot be used.")
    {
    }

    /// <summary>An exception about one key, in the form <c>key: reason</c>.</summary>
    internal static ConfigException About(string name, string reason) => new($"{name}: {reason}");
}
