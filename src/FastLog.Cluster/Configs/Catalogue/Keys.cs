namespace FastLog.Cluster.Configs.Catalogue;

/// <summary>The vocabulary of this folder's tables: one short word per type, so that a key fits two lines.</summary>
internal static class Keys
{
    public static ConfigDefinition BooleanKey(
        string name, string? text, ConfigImportance importance, ConfigUpdateMode mode, string documentation) =>
        new(name, ConfigType.Boolean, text, ConfigValidator.Any, importance, mode, documentation);

    public static ConfigDefinition TextKey(
        string name, string? text, ConfigValidator valid, ConfigImportance importance, ConfigUpdateMode mode,
        string documentation) =>
        new(name, ConfigType.String, text, valid, importance, mode, documentation);

    public static ConfigDefinition IntKey(
        string name, string? text, ConfigValidator valid, ConfigImportance importance, ConfigUpdateMode mode,
        string documentation) =>
        new(name, ConfigType.Int, text, valid, importance, mode, documentation);

    public static ConfigDefinition ShortKey(
        string name, string? text, ConfigValidator valid, ConfigImportance importance, ConfigUpdateMode mode,
        string documentation) =>
        new(name, ConfigType.Short, text, valid, importance, mode, documentation);

    public static ConfigDefinition LongKey(
        string name, string? text, ConfigValidator valid, ConfigImportance importance, ConfigUpdateMode mode,
        string documentation) =>
        new(name, ConfigType.Long, text, valid, importance, mode, documentation);

    public static ConfigDefinition DoubleKey(
        string name, string? text, ConfigValidator valid, ConfigImportance importance, ConfigUpdateMode mode,
        string documentation) =>
        new(name, ConfigType.Double, text, valid, importance, mode, documentation);

    public static ConfigDefinition ListKey(
        string name, string? text, ConfigValidator valid, ConfigImportance importance, ConfigUpdateMode mode,
        string documentation) =>
        new(name, ConfigType.List, text, valid, importance, mode, documentation);

    public static ConfigDefinition ClassKey(
        string name, string? text, ConfigImportance importance, ConfigUpdateMode mode, string documentation) =>
        new(name, ConfigType.Class, text, ConfigValidator.Any, importance, mode, documentation);

    public static ConfigDefinition PasswordKey(
        string name, ConfigImportance importance, ConfigUpdateMode mode, string documentation) =>
        new(name, ConfigType.Password, null, ConfigValidator.Any, importance, mode, documentation);
}
