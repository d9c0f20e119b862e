using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace FastLog.Cluster.Configs;

/// <summary>A set of definitions, found by name.</summary>
public sealed class ConfigCatalog
{
    private readonly FrozenDictionary<string, ConfigDefinition> _byName;

    internal ConfigCatalog(IEnumerable<ConfigDefinition> definitions)
    {
        All = [.. definitions.OrderBy(definition => definition.Name, StringComparer.Ordinal)];
        _byName = All.ToFrozenDictionary(definition => definition.Name, StringComparer.Ordinal);
    }

    /// <summary>Every definition, in the order of the names.</summary>
    public IReadOnlyList<ConfigDefinition> All { get; }

    /// <summary>The definition of a name that has to be known.</summary>
    /// <exception cref="InvalidOperationException">Nobody knows the name: a mistake in the code.</exception>
    public ConfigDefinition this[string name] =>
        _byName.TryGetValue(name, out ConfigDefinition? definition)
            ? definition
            : throw new InvalidOperationException($"No configuration is named {name}.");

    /// <summary>The definition of a name, when there is one.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ConfigDefinition? definition) =>
        _byName.TryGetValue(name, out definition);

    /// <summary>The known name nearest to a mistyped one (edit distance), or null when none is near.</summary>
    public string? Nearest(string name) => NearestName.Find(name, All.Select(definition => definition.Name));
}
