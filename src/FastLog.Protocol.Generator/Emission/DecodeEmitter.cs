using System.Collections.Generic;
using System.Linq;
using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Generator.Emission;

/// <summary>Writes <c>Decode</c> of one struct.</summary>
internal static class DecodeEmitter
{
    public static void Emit(CodeWriter code, MessageModel message, StructModel owner)
    {
        code.Line("/// <inheritdoc/>").Open("public void Decode(ref MessageReader reader, short version)");
        if (ReferenceEquals(owner, message.Root))
        {
            code.Line($"SupportedVersions.Require(version, \"{message.Name}\");");
        }

        code.Line("Reset();");
        string flexible = FieldFacts.DeclareFlexible(code, message, owner);
        foreach (FieldModel field in owner.Fields.Where(f => f.Tag is null))
        {
            EmitField(code, message, owner, field, flexible);
        }

        List<FieldModel> tagged = owner.Fields.Where(f => f.Tag is not null).ToList();
        if (flexible != "false" && tagged.Count == 0)
        {
            code.When(flexible == "true" ? null : flexible, "reader.SkipTags();");
        }
        else if (flexible == "true")
        {
            EmitTags(code, message, owner, tagged);
        }
        else if (flexible != "false")
        {
            code.Open($"if ({flexible})");
            EmitTags(code, message, owner, tagged);
            code.Close();
        }

        code.Close().Line();
    }

    private static void EmitField(
        CodeWriter code, MessageModel message, StructModel owner, FieldModel field, string flexible)
    {
        string? condition = field.Versions.ConditionWithin(owner.Versions);
        if (condition is null)
        {
            EmitValue(code, message, field, flexible);
        }
        else
        {
            code.Open($"if ({condition})");
            EmitValue(code, message, field, flexible);
            code.Close();
        }
    }

    private static void EmitTags(CodeWriter code, MessageModel message, StructModel owner, List<FieldModel> tagged)
    {
        code.Open("for (int tags = reader.ReadTagCount(); tags > 0; tags--)");
        code.Line("bool isKnown = true;").Open("switch (reader.ReadTag(out long tagEnd))");
        foreach (FieldModel field in tagged)
        {
            string? condition = field.Versions.ConditionWithin(owner.Versions);
            code.Open($"case {field.Tag}{(condition is null ? "" : $" when {condition}")}:");
            EmitValue(code, message, field, "true");
            code.Line("break;").Close();
        }

        code.Open("default:").Line("isKnown = false;").Line("break;").Close();
        code.Close().Line("reader.EndTag(tagEnd, isKnown);").Close();
    }

    private static void EmitValue(CodeWriter code, MessageModel message, FieldModel field, string flexible)
    {
        if (field.Type.IsArray)
        {
            EmitList(code, message, field, flexible);
        }
        else if (!field.IsStruct)
        {
            code.Line($"{field.Name} = {ReadExpression(field, flexible, field.IsNullable)};");
        }
        else if (!field.IsNullable)
        {
            code.Line($"{field.Name}.Decode(ref reader, version);");
        }
        else
        {
            string nullable = FieldFacts.NullableArgument(field).TrimStart(',', ' ');
            string present = field.Tag is null ? $"ReadIsPresent({nullable})" : "ReadIsPresentInTag()";
            code.Line($"{field.Name} = reader.{present} ? new() : null;")
                .Line($"{field.Name}?.Decode(ref reader, version);");
        }
    }

    private static void EmitList(CodeWriter code, MessageModel message, FieldModel field, string flexible)
    {
        int least = FieldFacts.MinElementBytes(message, field);
        string arguments = $"{flexible}, {least}";
        string target = field.Name;
        string count = $"left{field.Name}";
        if (field.IsNullable)
        {
            string list = FieldFacts.ListTypeName(field);
            string spare = FieldFacts.SpareListName(field);
            string nullable = FieldFacts.NullableArgument(field);
            code.Line($"int {count} = reader.ReadNullableArrayCount({arguments}{nullable});")
                .Line($"{field.Name} = {count} < 0 ? null : {list}.Recycle(ref {spare});")
                .Line($"for (; {count} > 0; {count}--)");
            target += "!";
        }
        else
        {
            if (field.Tag is not null)
            {
                // Nothing stops a frame from repeating a tag; the last one counts.
                code.Line($"{field.Name}.Clear();");
            }

            code.Line($"for (int {count} = reader.ReadArrayCount({arguments}); {count} > 0; {count}--)");
        }

        string statement = field.Type.Wire == WireType.Struct
            ? $"{target}.AddRecycled().Decode(ref reader, version);"
            : $"{target}.Add({ReadExpression(field, flexible, false)});";
        code.Line("{").Line("    " + statement).Line("}");
    }

    private static string ReadExpression(FieldModel field, string flexible, bool nullable)
    {
        string compact = field.Type.HasLength ? flexible : "";
        string prefix = nullable ? "Nullable" : "";
        string rest = nullable ? FieldFacts.NullableArgument(field) : "";
        return $"reader.Read{prefix}{field.Type.AccessorName}({compact}{rest})";
    }
}
