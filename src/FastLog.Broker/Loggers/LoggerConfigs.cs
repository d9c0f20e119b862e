using System.Globalization;
using FastLog.Cluster;
using FastLog.Cluster.Configs;
using FastLog.Protocol;
using Microsoft.Extensions.Logging;

namespace FastLog.Broker.Loggers;

/// <summary>The broker's loggers as a resource that can be described and altered (KIP-412).</summary>
/// <param name="nodeId">The broker's id.</param>
/// <param name="levels">The levels, or null where they cannot change.</param>
internal sealed class LoggerConfigs(int nodeId, LoggerLevels? levels)
{
    private const string Documentation = "The level from which on this logger writes.";

    private static readonly (string Name, LogLevel Level)[] Names =
    [
        ("TRACE", LogLevel.Trace), ("DEBUG", LogLevel.Debug), ("INFO", LogLevel.Information),
        ("WARN", LogLevel.Warning), ("ERROR", LogLevel.Error), ("FATAL", LogLevel.Critical),
    ];

    /// <summary>The loggers and their levels; one that follows the root shows the root's level as its default.</summary>
    public IReadOnlyList<ConfigEntry> Describe(IReadOnlyCollection<string>? names)
    {
        if (levels is null)
        {
            return [];
        }

        var all = levels.All.Select(logger => Entry(logger.Name, logger.Effective, logger.Own is not null))
            .Prepend(Entry(LoggerLevels.RootName, levels.Root, isOwn: true));
        return [.. all.Where(entry => names is null || names.Count == 0 || names.Contains(entry.Name))];
    }

    /// <summary>Null when the resource is this broker's loggers.</summary>
    public (ErrorCode Error, string Message)? Check(string resourceName)
    {
        if (levels is null)
        {
            return (ErrorCode.InvalidRequest, "The levels of this broker's loggers cannot be changed or told");
        }

        return resourceName.Length == 0 ? (ErrorCode.InvalidRequest, "Broker id must not be empty")
            : !int.TryParse(resourceName, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var id)
                ? (ErrorCode.InvalidRequest, $"Broker id must be an integer, but it is: {resourceName}")
            : id != nodeId ? (ErrorCode.InvalidRequest, $"Unexpected broker id, expected {nodeId} but received {resourceName}")
            : null;
    }

    /// <summary>Alters levels, all that are named or none.</summary>
    /// <param name="alterations">One alteration; more than one is refused, as they are of the same resource.</param>
    /// <param name="validateOnly">Only checks.</param>
    public ConfigAlterationResult Alter(IReadOnlyList<ConfigAlteration> alterations, bool validateOnly)
    {
        var resource = alterations[0].Resource;
        var fault = alterations.Count > 1
            ? (ErrorCode.InvalidRequest, "Each resource must appear at most once.")
            : Check(resource.Name) ?? alterations[0].Operations.Select(Check).FirstOrDefault(found => found is not null);
        if (fault is var (error, message))
        {
            return new ConfigAlterationResult(resource, error, message);
        }

        foreach (var operation in validateOnly ? [] : alterations[0].Operations)
        {
            levels!.Set(operation.Name, operation.Kind == ConfigOperationKind.Set ? LevelOf(operation.Value!) : null);
        }

        return new ConfigAlterationResult(resource, ErrorCode.None, null);
    }

    private (ErrorCode Error, string Message)? Check(ConfigOperation operation)
    {
        var (name, kind, value) = operation;
        if (kind is not (ConfigOperationKind.Set or ConfigOperationKind.Delete))
        {
            return (ErrorCode.InvalidRequest, $"{kind.ToString().ToUpperInvariant()} operation is not allowed for the BROKER_LOGGER resource");
        }

        if (!levels!.Contains(name))
        {
            return (ErrorCode.InvalidConfig, $"Logger {name} does not exist!");
        }

        if (kind == ConfigOperationKind.Delete)
        {
            return name == LoggerLevels.RootName
                ? (ErrorCode.InvalidRequest, "Removing the log level of the root logger is not allowed")
                : null;
        }

        return value is not null && LevelOf(value) is not null
            ? null
            : (ErrorCode.InvalidConfig,
                $"Cannot set the log level of {name} to {value} as it is not a supported log level. "
                + $"Valid log levels are {string.Join(", ", Names.Select(level => level.Name))}");
    }

    private static LogLevel? LevelOf(string text) =>
        Array.Find(Names, level => level.Name == text) is { Name: not null } found ? found.Level : null;

    private static ConfigEntry Entry(string name, LogLevel level, bool isOwn)
    {
        var text = Array.Find(Names, known => known.Level == level).Name ?? "OFF";
        var source = isOwn ? ConfigSource.DynamicBrokerLogger : ConfigSource.Default;
        return new ConfigEntry(
            name, text, false, source, false, [new ConfigSynonym(name, text, source)], ConfigType.String, Documentation);
    }
}
