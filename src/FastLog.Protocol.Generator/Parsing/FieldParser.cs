using System;
using System.Globalization;
using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Generator.Parsing;

/// <summary>Reads a field line: <c>Name type [versions] [tag N] [ignorable] [= default]</c>.</summary>
internal static class FieldParser
{
    public static FieldModel Parse(Tokens tokens, VersionRange parent, string doc)
    {
        string name = tokens.TakeName("a field name");
        string typeWord = tokens.Take("a type");
        FieldType type = ParseType(tokens, typeWord, out string? nullability);
        VersionRange versions = TakeFieldVersions(tokens, parent);
        VersionRange? nullable = ParseNullability(tokens, nullability, versions);
        int? tag = tokens.TryTake("tag") ? tokens.TakeNumber("tag number") : null;
        bool ignorable = tokens.TryTake("ignorable");
        string? defaultWord = tokens.TryTake("=") ? tokens.Take("a default") : null;
        CheckDefault(tokens, type, nullable is not null, defaultWord);
        return new FieldModel(name, type, versions, nullable, tag, ignorable, defaultWord, doc, tokens.LineNumber);
    }

    private static FieldType ParseType(Tokens tokens, string word, out string? nullability)
    {
        int question = word.IndexOf('?');
        nullability = question < 0 ? null : word.Substring(question + 1);
        string core = question < 0 ? word : word.Substring(0, question);
        bool isArray = core.StartsWith("[", StringComparison.Ordinal) && core.EndsWith("]", StringComparison.Ordinal);
        string value = isArray ? core.Substring(1, core.Length - 2) : core;
        if (FieldType.WireTypeOf(value) is { } wire)
        {
            bool fits = !(isArray && wire == WireType.Records)
                && (nullability is null || isArray || wire is WireType.String or WireType.Bytes or WireType.Records);
            return fits ? new FieldType(wire, isArray, null) : throw tokens.Error($"'{word}' is not possible");
        }

        bool isStruct = value.Length > 0 && char.IsUpper(value[0]);
        return isStruct
            ? new FieldType(WireType.Struct, isArray, value)
            : throw tokens.Error($"'{value}' is no type");
    }

    private static VersionRange TakeFieldVersions(Tokens tokens, VersionRange parent)
    {
        if (tokens.Peek is null || !char.IsDigit(tokens.Peek[0]))
        {
            return parent;
        }

        VersionRange written = tokens.TakeVersions("versions");
        bool inside = written.Low >= parent.Low && (written.High == VersionRange.Open || written.High <= parent.High);
        return inside && written.Intersect(parent) is { } versions
            ? versions
            : throw tokens.Error($"versions {written} lie outside of the enclosing {parent}");
    }

    private static VersionRange? ParseNullability(Tokens tokens, string? word, VersionRange versions)
    {
        if (word is null)
        {
            return null;
        }

        if (word.Length == 0)
        {
            return versions;
        }

        return Tokens.TryVersions(word, out VersionRange range) && range.Intersect(versions) is { } nullable
            ? nullable
            : throw tokens.Error($"'{word}' is no range of versions in which the field is nullable");
    }

    private static void CheckDefault(Tokens tokens, FieldType type, bool isNullable, string? word)
    {
        bool fits = word switch
        {
            null => true,
            "null" => isNullable,
            _ when type.IsArray => false,
            "true" or "false" => type.Wire == WireType.Bool,
            "min" or "max" => IsInteger(type.Wire),
            _ => IsInteger(type.Wire)
                && long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
                && InRange(type.Wire, value),
        };
        if (!fits)
        {
            throw tokens.Error($"'{word}' is no default of this type");
        }
    }

    private static bool IsInteger(WireType wire) =>
        wire is WireType.Int8 or WireType.Int16 or WireType.UInt16 or WireType.Int32 or WireType.UInt32 or WireType.Int64;

    private static bool InRange(WireType wire, long value) => wire switch
    {
        WireType.Int8 => value is >= sbyte.MinValue and <= sbyte.MaxValue,
        WireType.Int16 => value is >= short.MinValue and <= short.MaxValue,
        WireType.UInt16 => value is >= 0 and <= ushort.MaxValue,
        WireType.Int32 => value is >= int.MinValue and <= int.MaxValue,
        WireType.UInt32 => value is >= 0 and <= uint.MaxValue,
        _ => true,
    };
}
