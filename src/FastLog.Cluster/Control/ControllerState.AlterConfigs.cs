using FastLog.Cluster.Configs;
using FastLog.Protocol;
using FastLog.Protocol.Messages;
using FastLog.Raft;

namespace FastLog.Cluster;

/// <content>AlterConfigs and IncrementalAlterConfigs.</content>
public sealed partial class ControllerState
{
    /// <summary>Keys that one request may change: their records are one atomic batch.</summary>
    public const int ConfigsPerRequestMax = 10_000;

    /// <summary>Characters of all values that one request may set.</summary>
    public const int ConfigTextCharsPerRequestMax = 1024 * 1024;

    /// <summary>Changes configurations. Each resource is answered for itself, and changes whole or not at all.</summary>
    /// <param name="image">The cluster.</param>
    /// <param name="alterations">What to change.</param>
    /// <param name="validateOnly">Check and answer, but change nothing.</param>
    public Decision<IReadOnlyList<ConfigAlterationResult>> AlterConfigs(
        MetadataImage image, IReadOnlyList<ConfigAlteration> alterations, bool validateOnly)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(alterations);
        var records = new List<MetadataRecord>();
        var results = new List<ConfigAlterationResult>(alterations.Count);
        var counts = alterations.CountBy(alteration => alteration.Resource).ToDictionary();
        var textChars = 0L;
        foreach (var alteration in alterations)
        {
            if (!counts.Remove(alteration.Resource, out var count))
            {
                continue;
            }
            var changes = new List<ConfigRecord>();
            var refusal = count > 1
                ? new Refusal(ErrorCode.InvalidRequest, "Each resource must appear at most once.")
                : TryAlter(image, alteration, changes);
            var addedChars = changes.Sum(change => (long)(change.Value?.Length ?? 0));
            if (refusal is null
                && (records.Count + changes.Count > ConfigsPerRequestMax || textChars + addedChars > ConfigTextCharsPerRequestMax))
            {
                refusal = new Refusal(ErrorCode.PolicyViolation, "Excessively large number of configs per request.");
            }
            if (refusal is null)
            {
                textChars += addedChars;
                records.AddRange(changes.Select(RecordVersions.Versioned));
            }
            results.Add(new ConfigAlterationResult(
                alteration.Resource, refusal?.Error ?? ErrorCode.None, refusal?.Message));
        }
        return new Decision<IReadOnlyList<ConfigAlterationResult>>(validateOnly ? [] : records, results);
    }

    private Refusal? TryAlter(MetadataImage image, ConfigAlteration alteration, List<ConfigRecord> changes)
    {
        var resource = alteration.Resource;
        var rules = new ConfigResourceRules(_options.Config, image, resource);
        if (CheckForm(alteration) is { } malformed)
        {
            return malformed;
        }
        if (rules.CheckName() is { } unnamed)
        {
            return unnamed;
        }
        var before = rules.Current;
        var after = new Dictionary<string, string>(alteration.ReplacesAll ? [] : before, StringComparer.Ordinal);
        foreach (var operation in alteration.Operations)
        {
            if (Apply(operation, rules.Catalog, after) is { } refusal)
            {
                return refusal;
            }
        }
        if (rules.CheckValues(after) is { } fault)
        {
            return fault;
        }
        AddChanges(changes, resource, before, after);
        return null;
    }

    private static Refusal? CheckForm(ConfigAlteration alteration)
    {
        var withoutValue = alteration.Operations
            .Where(operation => operation.Value is null && operation.Kind != ConfigOperationKind.Delete)
            .Select(operation => operation.Name)
            .ToList();
        if (withoutValue.Count > 0)
        {
            return Invalid("Null value not supported for : " + string.Join(',', withoutValue));
        }
        if (alteration.Operations.Any(operation => !Enum.IsDefined(operation.Kind)))
        {
            return Invalid("Unknown operation type " + string.Join(
                ',', alteration.Operations.Select(operation => (sbyte)operation.Kind).Where(kind => kind is < 0 or > 3)));
        }
        return FindDuplicates(alteration.Operations.Select(operation => operation.Name)).Count > 0
            ? Invalid("Error due to duplicate config keys")
            : null;
    }

    private static Refusal? Apply(ConfigOperation operation, ConfigCatalog catalog, Dictionary<string, string> values)
    {
        var (name, kind, value) = operation;
        switch (kind)
        {
            case ConfigOperationKind.Set:
                values[name] = value!;
                return null;
            case ConfigOperationKind.Delete:
                values.Remove(name);
                return null;
            default:
                if (!catalog.TryGet(name, out var definition) || definition.Type != ConfigType.List)
                {
                    // An unknown key has no type at all, and Kafka says the same of it.
                    return new Refusal(
                        ErrorCode.InvalidConfig,
                        $"Can't {(kind == ConfigOperationKind.Append ? "APPEND" : "SUBTRACT")} to key {name} because its type is not LIST.");
                }
                var words = Words(values.GetValueOrDefault(name) ?? definition.Default ?? "");
                var given = Words(value!);
                values[name] = string.Join(
                    ',', kind == ConfigOperationKind.Append ? words.Union(given) : words.Except(given));
                return null;
        }
    }

    private static string[] Words(string list) =>
        list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void AddChanges(
        List<ConfigRecord> changes,
        ConfigResource resource,
        IReadOnlyDictionary<string, string> before,
        Dictionary<string, string> after)
    {
        foreach (var (name, value) in after)
        {
            if (!before.TryGetValue(name, out var old) || old != value)
            {
                changes.Add(Record(resource, name, value));
            }
        }
        foreach (var name in before.Keys.Where(name => !after.ContainsKey(name)))
        {
            changes.Add(Record(resource, name, null));
        }
    }

    private static ConfigRecord Record(ConfigResource resource, string name, string? value) => new()
    {
        ResourceType = (sbyte)resource.Type,
        ResourceName = resource.Name,
        Name = name,
        Value = value,
    };

    private static Refusal Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
