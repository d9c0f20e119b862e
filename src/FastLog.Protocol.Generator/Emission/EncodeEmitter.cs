using System.Collections.Generic;
using System.Linq;
using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Generator.Emission;

/// <summary>Writes <c>Encode</c> of one struct.</summary>
internal static class EncodeEmitter
{
    public static void Emit(CodeWriter code, MessageModel message, StructModel owner)
    {
        code.Line("/// <inheritdoc/>").Open("public void Encode(ref MessageWriter writer, short version)");
        if (ReferenceEquals(owner, message.Root))
        {
            code.Line($"SupportedVersions.Require(version, \"{message.Name}\");");
        }

        string flexible = FieldFacts.DeclareFlexible(code, message, owner);
        foreach (FieldModel field in owner.Fields.Where(f => f.Tag is null))
        {
            EmitField(code, message, owner, field, flexible);
        }

        List<FieldModel> tagged = owner.Fields.Where(f => f.Tag is not null).ToList();
        foreach (FieldModel field in tagged)
        {
            EmitTagLackCheck(code, message, owner, field);
        }

        EmitTags(code, owner, tagged, flexible);
        code.Close().Line();
        foreach (FieldModel field in tagged)
        {
            code.Open($"private void Encode{field.Name}(ref MessageWriter writer, short version)");
            EmitValue(code, field, "true");
            code.Close().Line();
        }
    }

    private static void EmitField(
        CodeWriter code, MessageModel message, StructModel owner, FieldModel field, string flexible)
    {
        string? condition = field.Versions.ConditionWithin(owner.Versions);
        if (condition is null)
        {
            EmitValue(code, field, flexible);
            return;
        }

        code.Open($"if ({condition})");
        EmitValue(code, field, flexible);
        code.Close();
        if (!field.IsIgnorable)
        {
            code.Open($"else if ({FieldFacts.IsSet(field)})");
            EmitLackError(code, message, owner, field);
            code.Close();
        }
    }

    /// <summary>A tagged value that this version cannot carry is lost only where the schema says that it may be.</summary>
    private static void EmitTagLackCheck(CodeWriter code, MessageModel message, StructModel owner, FieldModel field)
    {
        string? condition = field.Versions.ConditionWithin(owner.Versions);
        if (condition is not null && !field.IsIgnorable)
        {
            code.Open($"if (!({condition}) && {FieldFacts.IsSet(field)})");
            EmitLackError(code, message, owner, field);
            code.Close();
        }
    }

    private static void EmitLackError(CodeWriter code, MessageModel message, StructModel owner, FieldModel field)
    {
        string name = ReferenceEquals(owner, message.Root) ? message.Name : $"{message.Name}.{owner.Name}";
        code.Line($"ProtocolException.ThrowFieldLacking(\"{name}.{field.Name}\", version);");
    }

    private static void EmitTags(CodeWriter code, StructModel owner, List<FieldModel> tagged, string flexible)
    {
        if (flexible == "false")
        {
            return;
        }

        string? condition = flexible == "true" ? null : flexible;
        if (tagged.Count == 0)
        {
            code.When(condition, "writer.WriteNoTags();");
            return;
        }

        if (condition is not null)
        {
            code.Open($"if ({condition})");
        }

        foreach (FieldModel field in tagged)
        {
            string? present = field.Versions.ConditionWithin(owner.Versions);
            string set = FieldFacts.IsSet(field);
            code.Line($"bool has{field.Name} = {(present is null ? set : $"({present}) && {set}")};");
        }

        code.Line($"writer.WriteTagCount({string.Join(" + ", tagged.Select(f => $"(has{f.Name} ? 1 : 0)"))});");
        foreach (FieldModel field in tagged.OrderBy(f => f.Tag))
        {
            code.Open($"if (has{field.Name})")
                .Line("MessageWriter measure = MessageWriter.Measuring();")
                .Line($"Encode{field.Name}(ref measure, version);")
                .Line($"writer.WriteTag({field.Tag}, measure.BytesWritten);")
                .Line($"Encode{field.Name}(ref writer, version);")
                .Close();
        }

        if (condition is not null)
        {
            code.Close();
        }
    }

    private static void EmitValue(CodeWriter code, FieldModel field, string flexible)
    {
        if (field.Type.IsArray)
        {
            EmitList(code, field, flexible);
        }
        else if (!field.IsStruct)
        {
            code.Line(WriteStatement(field, field.Name, flexible, field.IsNullable));
        }
        else
        {
            if (field.IsNullable)
            {
                code.Line(field.Tag is null
                    ? $"writer.WriteIsPresent({field.Name} is not null{FieldFacts.NullableArgument(field)});"
                    : $"writer.WriteIsPresentInTag({field.Name} is not null);");
            }

            code.Line($"{field.Name}{(field.IsNullable ? "?" : "")}.Encode(ref writer, version);");
        }
    }

    private static void EmitList(CodeWriter code, FieldModel field, string flexible)
    {
        if (field.IsNullable)
        {
            string nullable = FieldFacts.NullableArgument(field);
            code.Line($"writer.WriteNullableArrayCount({field.Name}?.Count ?? -1, {flexible}{nullable});")
                .Open($"if ({field.Name} is not null)");
        }
        else
        {
            code.Line($"writer.WriteArrayCount({field.Name}.Count, {flexible});");
        }

        string statement = field.Type.Wire == WireType.Struct
            ? "item.Encode(ref writer, version);"
            : WriteStatement(field, "item", flexible, false);
        code.Open($"foreach ({field.Type.ValueTypeName} item in {field.Name})").Line(statement).Close();
        if (field.IsNullable)
        {
            code.Close();
        }
    }

    private static string WriteStatement(FieldModel field, string value, string flexible, bool nullable)
    {
        string compact = field.Type.HasLength ? ", " + flexible : "";
        string prefix = nullable ? "Nullable" : "";
        string rest = nullable ? FieldFacts.NullableArgument(field) : "";
        return $"writer.Write{prefix}{field.Type.AccessorName}({value}{compact}{rest});";
    }
}
