using System.Collections.Generic;

namespace FastLog.Protocol.Generator.Model;

/// <summary>What one schema file declares.</summary>
internal sealed class SchemaModel
{
    public ApiModel? Api { get; set; }

    public List<MessageModel> Messages { get; } = new();
}

/// <summary>The <c>api</c> line: what the catalog says about an API.</summary>
internal sealed record ApiModel(
    string Name,
    int Key,
    VersionRange Versions,
    VersionRange Advertised,
    int FirstFlexible,
    string Listeners,
    bool IsUnstable,
    string Doc);

internal enum MessageKind
{
    Request,
    Response,
    Data,
    Metadata,
}

/// <summary>One top-level message and the structs that belong to it.</summary>
internal sealed class MessageModel(
    MessageKind kind, string name, int key, VersionRange versions, int firstFlexible, string doc)
{
    /// <summary>First flexible version of a message that has none.</summary>
    public const int NeverFlexible = short.MaxValue;

    public MessageKind Kind { get; } = kind;

    public string Name { get; } = name;

    /// <summary>API key, or the number of a metadata record; -1 for data.</summary>
    public int Key { get; } = key;

    public VersionRange Versions { get; } = versions;

    public int FirstFlexible { get; } = firstFlexible;

    public StructModel Root { get; } = new(name, versions, doc, 0);

    public List<StructModel> Structs { get; } = new();

    public StructModel? FindStruct(string structName) => Structs.Find(s => s.Name == structName);
}

/// <summary>A group of fields; <see cref="Versions"/> are those in which it can be on the wire.</summary>
internal sealed class StructModel(string name, VersionRange versions, string doc, int line)
{
    public string Name { get; } = name;

    public VersionRange Versions { get; } = versions;

    public string Doc { get; } = doc;

    public int Line { get; } = line;

    public List<FieldModel> Fields { get; } = new();
}

/// <summary>One field of a struct.</summary>
internal sealed record FieldModel(
    string Name,
    FieldType Type,
    VersionRange Versions,
    VersionRange? NullableVersions,
    int? Tag,
    bool IsIgnorable,
    string? Default,
    string Doc,
    int Line)
{
    public bool IsNullable => NullableVersions is not null;

    public bool IsStruct => Type.Wire == WireType.Struct && !Type.IsArray;

    public bool IsNullByDefault => Default == "null";

    /// <summary>A field whose value lives in the message itself, so that it has no setter.</summary>
    public bool IsOwned => !IsNullable && (Type.IsArray || IsStruct);

    /// <summary>Wire type as the notation writes it, for documentation.</summary>
    public string Notation
    {
        get
        {
            string value = Type.Wire == WireType.Struct ? Type.StructName! : Type.Wire.ToString().ToLowerInvariant();
            return (Type.IsArray ? $"[{value}]" : value) + (IsNullable ? "?" : "");
        }
    }
}
