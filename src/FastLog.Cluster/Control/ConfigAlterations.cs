using FastLog.Protocol;

namespace FastLog.Cluster;

/// <summary>What is done to one key; the numbers are those of IncrementalAlterConfigs (KIP-339).</summary>
public enum ConfigOperationKind : sbyte
{
    /// <summary>The key gets the value.</summary>
    Set = 0,

    /// <summary>The key is as if it had never been set.</summary>
    Delete = 1,

    /// <summary>Adds words to a list that does not have them.</summary>
    Append = 2,

    /// <summary>Takes words out of a list.</summary>
    Subtract = 3,
}

/// <summary>A change of one key.</summary>
/// <param name="Name">The key.</param>
/// <param name="Kind">What to do; a number that means nothing is refused with INVALID_REQUEST.</param>
/// <param name="Value">The value, or the words; only a deletion may have none.</param>
public readonly record struct ConfigOperation(string Name, ConfigOperationKind Kind, string? Value);

/// <summary>A change of one resource's configuration.</summary>
/// <param name="Resource">The resource, of any type.</param>
/// <param name="Operations">What to do to its keys, each named once.</param>
/// <param name="ReplacesAll">Whether keys that are not named are deleted, as AlterConfigs does.</param>
public sealed record ConfigAlteration(
    ConfigResource Resource, IReadOnlyList<ConfigOperation> Operations, bool ReplacesAll = false);

/// <summary>What became of one resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Error">None if it was changed, or would have been.</param>
/// <param name="Message">What is wrong, in words; null when all is well.</param>
public sealed record ConfigAlterationResult(ConfigResource Resource, ErrorCode Error, string? Message);
