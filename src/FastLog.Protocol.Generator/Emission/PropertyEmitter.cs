using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Generator.Emission;

/// <summary>Writes properties, <c>Reset</c> and the test for defaults of one struct.</summary>
internal static class PropertyEmitter
{
    public static void EmitProperties(CodeWriter code, FieldModel field)
    {
        string type = FieldFacts.PropertyTypeName(field);
        code.Summary(Documentation(field));
        if (field.IsOwned)
        {
            code.Line($"public {type} {field.Name} {{ get; }} = new();");
        }
        else if (field.Type.IsArray)
        {
            EmitNullableList(code, field, type);
        }
        else
        {
            string initial = field.IsStruct ? StructDefault(field) : FieldFacts.DefaultLiteral(field);
            bool isZero = initial is "null" or "0" or "false" or "default" or "RecordsField.Null";
            code.Line($"public {type} {field.Name} {{ get; set; }}" + (isZero ? "" : $" = {initial};"));
        }

        code.Line();
    }

    public static void EmitReset(CodeWriter code, StructModel owner)
    {
        code.Line("/// <inheritdoc/>").Open("public void Reset()");
        foreach (FieldModel field in owner.Fields)
        {
            code.Line(ResetStatement(field));
        }

        code.Close().Line();
    }

    public static void EmitIsDefault(CodeWriter code, StructModel owner)
    {
        code.Open("internal bool IsDefault()");
        foreach (FieldModel field in owner.Fields)
        {
            code.When(FieldFacts.IsSet(field), "return false;");
        }

        code.Line("return true;").Close().Line();
    }

    private static void EmitNullableList(CodeWriter code, FieldModel field, string type)
    {
        string list = FieldFacts.ListTypeName(field);
        string spare = FieldFacts.SpareListName(field);
        code.Line($"public {type} {field.Name} {{ get; set; }}" + (field.IsNullByDefault ? "" : " = new();"))
            .Line()
            .Summary($"Gives {field.Name} as a list to fill: the one that is there, or an empty one in place of null.")
            .Line($"public {list} Ensure{field.Name}() => {field.Name} ??= {list}.Recycle(ref {spare});")
            .Line()
            .Line($"private {list}? {spare};");
    }

    private static string ResetStatement(FieldModel field)
    {
        if (field.Type.IsArray)
        {
            return !field.IsNullable ? $"{field.Name}.Clear();"
                : field.IsNullByDefault ? $"{field.Name} = null;"
                : $"{field.Name} = {FieldFacts.ListTypeName(field)}.Recycle(ref {FieldFacts.SpareListName(field)});";
        }

        return field.IsOwned ? $"{field.Name}.Reset();"
            : field.IsStruct ? $"{field.Name} = {StructDefault(field)};"
            : $"{field.Name} = {FieldFacts.DefaultLiteral(field)};";
    }

    private static string StructDefault(FieldModel field) => field.IsNullByDefault ? "null" : "new()";

    private static string Documentation(FieldModel field)
    {
        string facts = $"{field.Notation}, versions {field.Versions}"
            + (field.Tag is { } tag ? $", tag {tag}" : "")
            + (field.Default is { } value ? $", default {value}" : "") + ".";
        return field.Doc.Length == 0 ? facts : $"{field.Doc} ({facts.TrimEnd('.')})";
    }
}
