using System.Buffers;

namespace FastLog.Cluster;

/// <summary>Kafka's rules for the names of topics.</summary>
public static class TopicNames
{
    /// <summary>The longest name in characters: with partition number and suffix it must fit a file's name.</summary>
    public const int LengthCharsMax = 249;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Null if a topic may have the name; else why not, in Kafka's words.</summary>
    /// <param name="name">The name.</param>
    public static string? Check(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0)
        {
            return "Topic name is invalid: the empty string is not allowed";
        }
        if (name is "." or "..")
        {
            return "Topic name is invalid: '.' or '..' is not allowed";
        }
        if (name.Length > LengthCharsMax)
        {
            return $"Topic name is invalid: the length of '{name}' is longer than the max allowed length {LengthCharsMax}";
        }
        if (name.AsSpan().ContainsAnyExcept(Allowed))
        {
            return $"Topic name is invalid: '{name}' contains one or more characters other than ASCII "
                + "alphanumerics, '.', '_' and '-'";
        }
        return null;
    }

    /// <summary>Whether a name can collide with another one: metric names do not tell '.' from '_'.</summary>
    /// <param name="name">The name.</param>
    public static bool HasCollisionCharacter(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.AsSpan().ContainsAny('.', '_');
    }

    /// <summary>Two topics may not have names of the same form here.</summary>
    /// <param name="name">The name.</param>
    public static string CollisionForm(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Replace('.', '_');
    }
}
