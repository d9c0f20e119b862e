using System.Collections.Generic;
using System.Text;
using System.Threading;
using FastLog.Protocol.Generator.Model;

namespace FastLog.Protocol.Generator.Parsing;

/// <summary>Reads a schema file, one declaration a line. The notation is described in the Schemas folder's README.</summary>
internal sealed class SchemaParser
{
    private readonly List<string> _lines;
    private readonly CancellationToken _cancellation;
    private readonly SchemaModel _schema = new();
    private int _line = -1;
    private string _doc = "";

    private SchemaParser(List<string> lines, CancellationToken cancellation)
    {
        _lines = lines;
        _cancellation = cancellation;
    }

    /// <summary>Parses and checks a file. Throws <see cref="SchemaException"/> at the first mistake.</summary>
    public static SchemaModel Parse(List<string> lines, CancellationToken cancellation)
    {
        var parser = new SchemaParser(lines, cancellation);
        while (parser.NextLine() is { } tokens)
        {
            parser.ParseDeclaration(tokens);
        }

        SchemaChecks.Check(parser._schema, lines.Count - 1);
        return parser._schema;
    }

    /// <summary>The next line that says something; comments above it become its documentation.</summary>
    private Tokens? NextLine()
    {
        _cancellation.ThrowIfCancellationRequested();
        var doc = new StringBuilder();
        while (++_line < _lines.Count)
        {
            string text = _lines[_line].Trim();
            if (text.Length == 0)
            {
                doc.Clear();
            }
            else if (text[0] == '#')
            {
                doc.Append(doc.Length == 0 ? "" : " ").Append(text.TrimStart('#').Trim());
            }
            else
            {
                _doc = doc.ToString();
                return new Tokens(text, _line);
            }
        }

        return null;
    }

    private void ParseDeclaration(Tokens tokens)
    {
        string keyword = tokens.Take("a declaration");
        switch (keyword)
        {
            case "api":
                ParseApi(tokens);
                break;
            case "request":
                ParseApiMessage(tokens, MessageKind.Request, "Request");
                break;
            case "response":
                ParseApiMessage(tokens, MessageKind.Response, "Response");
                break;
            case "data":
                ParseOtherMessage(tokens, MessageKind.Data);
                break;
            case "metadata":
                ParseOtherMessage(tokens, MessageKind.Metadata);
                break;
            default:
                throw tokens.Error($"'{keyword}' is no declaration: expected api, request, response, data or metadata");
        }
    }

    private void ParseApi(Tokens tokens)
    {
        if (_schema.Api is not null)
        {
            throw tokens.Error("a file declares one api");
        }

        string name = tokens.TakeName("an api name");
        int key = tokens.TakeNumber("api key");
        VersionRange versions = TakeMessageVersions(tokens);
        VersionRange advertised = tokens.TryTake("advertised") ? tokens.TakeVersions("versions") : versions;
        int firstFlexible = TakeFirstFlexible(tokens);
        tokens.Require("listeners");
        var listeners = new List<string>();
        while (tokens.Peek is "broker" or "controller")
        {
            listeners.Add("ApiListeners." + (tokens.Take("a listener") == "broker" ? "Broker" : "Controller"));
        }

        if (listeners.Count == 0)
        {
            throw tokens.Error("expected broker or controller after 'listeners'");
        }

        bool unstable = tokens.TryTake("unstable");
        tokens.RequireEnd();
        _schema.Api = new ApiModel(
            name, key, versions, advertised, firstFlexible, string.Join(" | ", listeners), unstable, _doc);
    }

    private void ParseApiMessage(Tokens tokens, MessageKind kind, string suffix)
    {
        ApiModel api = _schema.Api ?? throw tokens.Error("an api line comes before its request and response");
        string doc = _doc.Length > 0 ? _doc : api.Doc;
        ParseBody(tokens, new MessageModel(kind, api.Name + suffix, api.Key, api.Versions, api.FirstFlexible, doc));
    }

    private void ParseOtherMessage(Tokens tokens, MessageKind kind)
    {
        string doc = _doc;
        string name = tokens.TakeName("a message name");
        int key = kind == MessageKind.Metadata ? tokens.TakeNumber("record number") : -1;
        VersionRange versions = TakeMessageVersions(tokens);
        ParseBody(tokens, new MessageModel(kind, name, key, versions, TakeFirstFlexible(tokens), doc));
    }

    private static VersionRange TakeMessageVersions(Tokens tokens)
    {
        tokens.Require("versions");
        VersionRange versions = tokens.TakeVersions("versions");
        return versions.High < VersionRange.Open ? versions : throw tokens.Error("a message has a highest version");
    }

    private static int TakeFirstFlexible(Tokens tokens)
    {
        tokens.Require("flexible");
        if (tokens.TryTake("none"))
        {
            return MessageModel.NeverFlexible;
        }

        VersionRange flexible = tokens.TakeVersions("versions");
        return flexible.High == VersionRange.Open ? flexible.Low : throw tokens.Error("flexible versions are N+ or none");
    }

    private void ParseBody(Tokens tokens, MessageModel message)
    {
        tokens.Require("{");
        tokens.RequireEnd();
        _schema.Messages.Add(message);
        ParseFields(message, message.Root, tokens);
    }

    private void ParseFields(MessageModel message, StructModel owner, Tokens opening)
    {
        while (NextLine() is { } tokens)
        {
            if (tokens.TryTake("}"))
            {
                tokens.RequireEnd();
                return;
            }

            if (tokens.Peek == "struct" && ReferenceEquals(owner, message.Root))
            {
                ParseSharedStruct(message, tokens);
            }
            else
            {
                ParseField(message, owner, tokens);
            }
        }

        throw opening.Error("this block is not closed");
    }

    private void ParseSharedStruct(MessageModel message, Tokens tokens)
    {
        tokens.Require("struct");
        string name = tokens.TakeName("a struct name");
        ParseStruct(message, new StructModel(name, message.Versions, _doc, tokens.LineNumber), tokens);
    }

    private void ParseStruct(MessageModel message, StructModel model, Tokens tokens)
    {
        tokens.Require("{");
        tokens.RequireEnd();
        if (message.FindStruct(model.Name) is not null)
        {
            throw tokens.Error($"struct '{model.Name}' is declared twice");
        }

        message.Structs.Add(model);
        ParseFields(message, model, tokens);
    }

    private void ParseField(MessageModel message, StructModel owner, Tokens tokens)
    {
        FieldModel field = FieldParser.Parse(tokens, owner.Versions, _doc);
        if (owner.Fields.Exists(f => f.Name == field.Name))
        {
            throw tokens.Error($"field '{field.Name}' is declared twice");
        }

        owner.Fields.Add(field);
        if (tokens.Peek is null)
        {
            return;
        }

        if (field.Type.Wire != WireType.Struct)
        {
            throw tokens.Error($"unexpected '{tokens.Peek}'");
        }

        ParseStruct(
            message, new StructModel(field.Type.StructName!, field.Versions, "", tokens.LineNumber), tokens);
    }
}
