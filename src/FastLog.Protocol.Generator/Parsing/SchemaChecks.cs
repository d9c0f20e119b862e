using System.Collections.Generic;
using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Generator.Parsing;

/// <summary>What a file as a whole must keep to, so that the emitted code compiles and its recursion ends.</summary>
internal static class SchemaChecks
{
    public static void Check(SchemaModel schema, int lastLine)
    {
        foreach (MessageModel message in schema.Messages)
        {
            CheckStruct(message, message.Root);
            foreach (StructModel model in message.Structs)
            {
                CheckStruct(message, model);
            }

            CheckDepth(message, message.Root, new HashSet<string>());
        }

        bool hasBoth = schema.Messages.Exists(m => m.Kind == MessageKind.Request)
            && schema.Messages.Exists(m => m.Kind == MessageKind.Response);
        if (schema.Api is not null && !hasBoth)
        {
            throw new SchemaException(lastLine, $"api '{schema.Api.Name}' lacks its request or its response");
        }
    }

    private static void CheckStruct(MessageModel message, StructModel owner)
    {
        var tags = new HashSet<int>();
        foreach (FieldModel field in owner.Fields)
        {
            if (field.Name == owner.Name)
            {
                throw new SchemaException(field.Line, $"field '{field.Name}' is named like its struct");
            }

            if (ReferenceEquals(owner, message.Root) && message.FindStruct(field.Name) is not null)
            {
                throw new SchemaException(field.Line, $"field '{field.Name}' is named like a struct of the message");
            }

            if (field.Type.Wire == WireType.Struct && message.FindStruct(field.Type.StructName!) is null)
            {
                throw new SchemaException(field.Line, $"struct '{field.Type.StructName}' is not declared");
            }

            CheckTag(message, field, tags);
        }
    }

    private static void CheckTag(MessageModel message, FieldModel field, HashSet<int> tags)
    {
        if (field.Tag is not { } tag)
        {
            return;
        }

        if (field.Versions.Low < message.FirstFlexible)
        {
            throw new SchemaException(field.Line, $"tagged field '{field.Name}' is in a version that is not flexible");
        }

        if (!tags.Add(tag))
        {
            throw new SchemaException(field.Line, $"tag {tag} is used twice");
        }
    }

    /// <summary>A struct that holds itself would let a frame choose the depth of recursion.</summary>
    private static void CheckDepth(MessageModel message, StructModel model, HashSet<string> path)
    {
        foreach (FieldModel field in model.Fields)
        {
            if (field.Type.Wire != WireType.Struct)
            {
                continue;
            }

            string name = field.Type.StructName!;
            if (!path.Add(name))
            {
                throw new SchemaException(field.Line, $"struct '{name}' holds itself");
            }

            CheckDepth(message, message.FindStruct(name)!, path);
            path.Remove(name);
        }
    }
}
