using System;
using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Generator.Emission;

/// <summary>C# expressions that follow from a field's type and default.</summary>
internal static class FieldFacts
{
    public static string PropertyTypeName(FieldModel field)
    {
        string value = field.Type.IsArray ? ListTypeName(field) : field.Type.ValueTypeName;
        bool hasOwnNull = field.Type.Wire == WireType.Records;
        return field.IsNullable && !hasOwnNull ? value + "?" : value;
    }

    public static string ListTypeName(FieldModel field) => $"MessageList<{field.Type.ValueTypeName}>";

    /// <summary>Name of the field that keeps a nullable list for reuse while the property is null.</summary>
    public static string SpareListName(FieldModel field) => $"_spare{field.Name}";

    /// <summary>The default of a field that is neither an array nor a struct.</summary>
    public static string DefaultLiteral(FieldModel field)
    {
        if (field.IsNullByDefault && field.Type.Wire != WireType.Records)
        {
            return "null";
        }

        return field.Type.Wire switch
        {
            WireType.Bool => field.Default ?? "false",
            WireType.Uuid or WireType.Error => "default",
            WireType.String => "\"\"",
            WireType.Bytes => "global::System.ReadOnlyMemory<byte>.Empty",
            WireType.Records => field.IsNullable ? "RecordsField.Null" : "RecordsField.Empty",
            _ => field.Default switch
            {
                null => "0",
                "max" => $"{field.Type.ValueTypeName}.MaxValue",
                "min" => $"{field.Type.ValueTypeName}.MinValue",
                _ => field.Default,
            },
        };
    }

    /// <summary>A condition that holds when the field says something.</summary>
    public static string IsSet(FieldModel field)
    {
        string name = field.Name;
        if (field.IsNullable && field.IsNullByDefault && field.Type.Wire != WireType.Records)
        {
            return $"{name} is not null";
        }

        if (field.Type.IsArray)
        {
            return field.IsNullable ? $"{name} is not {{ Count: 0 }}" : $"{name}.Count != 0";
        }

        return field.Type.Wire switch
        {
            WireType.Bool => field.Default == "true" ? $"!{name}" : name,
            WireType.String => $"{name} is not \"\"",
            WireType.Bytes => field.IsNullable ? $"{name} is not {{ IsEmpty: true }}" : $"!{name}.IsEmpty",
            WireType.Records => field.IsNullable ? $"!{name}.IsNull" : $"{name}.SizeInBytes != 0",
            WireType.Struct => field.IsNullable ? $"{name}?.IsDefault() is not true" : $"!{name}.IsDefault()",
            _ => $"{name} != {DefaultLiteral(field)}",
        };
    }

    /// <summary>
    /// How to say whether a struct is encoded flexibly in the version at hand: a literal, or a local that this declares.
    /// </summary>
    public static string DeclareFlexible(CodeWriter code, MessageModel message, StructModel owner)
    {
        if (owner.Versions.Low >= message.FirstFlexible)
        {
            return "true";
        }

        if (owner.Versions.High < message.FirstFlexible)
        {
            return "false";
        }

        code.Line($"bool flexible = version >= {message.FirstFlexible};");
        return "flexible";
    }

    /// <summary>Arguments that tell a nullable accessor in which versions null is allowed.</summary>
    public static string NullableArgument(FieldModel field) =>
        field.NullableVersions!.Value.ConditionWithin(field.Versions) is { } condition ? $", {condition}" : "";

    /// <summary>Fewest bytes one value of a field can take, over all versions that have it.</summary>
    public static int MinElementBytes(MessageModel message, FieldModel field)
    {
        int least = int.MaxValue;
        for (int version = field.Versions.Low; version <= field.Versions.High; version++)
        {
            least = Math.Min(least, MinValueBytes(message, field.Type, version));
        }

        return Math.Max(least, 1);
    }

    private static int MinValueBytes(MessageModel message, FieldType type, int version)
    {
        bool flexible = version >= message.FirstFlexible;
        return type.Wire switch
        {
            WireType.Bool or WireType.Int8 => 1,
            WireType.Int16 or WireType.UInt16 or WireType.Error => 2,
            WireType.Int32 or WireType.UInt32 => 4,
            WireType.Int64 or WireType.Float64 => 8,
            WireType.Uuid => 16,
            WireType.String => flexible ? 1 : 2,
            WireType.Bytes or WireType.Records => flexible ? 1 : 4,
            _ => MinStructBytes(message, message.FindStruct(type.StructName!)!, version),
        };
    }

    private static int MinStructBytes(MessageModel message, StructModel model, int version)
    {
        bool flexible = version >= message.FirstFlexible;
        int sum = flexible ? 1 : 0;
        foreach (FieldModel field in model.Fields)
        {
            if (field.Tag is not null || version < field.Versions.Low || version > field.Versions.High)
            {
                continue;
            }

            sum += field.Type.IsArray ? flexible ? 1 : 4
                : field.IsStruct && field.IsNullable ? 1
                : MinValueBytes(message, field.Type, version);
        }

        return sum;
    }
}
