namespace FastLog.Protocol.Generator.Model;

/// <summary>What a value is on the wire; <see cref="Struct"/> refers to a struct by name.</summary>
internal enum WireType
{
    Bool,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Float64,
    Uuid,
    Error,
    String,
    Bytes,
    Records,
    Struct,
}

/// <summary>Type of a field: a value, or an array of values.</summary>
internal sealed record FieldType(WireType Wire, bool IsArray, string? StructName)
{
    /// <summary>The C# type of one value.</summary>
    public string ValueTypeName => Wire switch
    {
        WireType.Bool => "bool",
        WireType.Int8 => "sbyte",
        WireType.Int16 => "short",
        WireType.UInt16 => "ushort",
        WireType.Int32 => "int",
        WireType.UInt32 => "uint",
        WireType.Int64 => "long",
        WireType.Float64 => "double",
        WireType.Uuid => "global::System.Guid",
        WireType.Error => "ErrorCode",
        WireType.String => "string",
        WireType.Bytes => "global::System.ReadOnlyMemory<byte>",
        WireType.Records => "RecordsField",
        _ => StructName!,
    };

    /// <summary>The name readers and writers use: <c>ReadInt32</c>, <c>WriteString</c>.</summary>
    public string AccessorName => Wire switch
    {
        WireType.Error => "ErrorCode",
        _ => Wire.ToString(),
    };

    /// <summary>Whether the encoding has a length, and so differs between compact and plain.</summary>
    public bool HasLength => Wire is WireType.String or WireType.Bytes or WireType.Records;

    public static WireType? WireTypeOf(string name) => name switch
    {
        "bool" => WireType.Bool,
        "int8" => WireType.Int8,
        "int16" => WireType.Int16,
        "uint16" => WireType.UInt16,
        "int32" => WireType.Int32,
        "uint32" => WireType.UInt32,
        "int64" => WireType.Int64,
        "float64" => WireType.Float64,
        "uuid" => WireType.Uuid,
        "error" => WireType.Error,
        "string" => WireType.String,
        "bytes" => WireType.Bytes,
        "records" => WireType.Records,
        _ => null,
    };
}
