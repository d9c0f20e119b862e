using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using FastLog.Protocol.Generator.Emission;
using FastLog.Protocol.Generator.Model;
using FastLog.Protocol.Generator.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FastLog.Protocol.Generator;

/// <summary>A source file to add to the compilation.</summary>
internal sealed record GeneratedFile(string Name, string Source);

/// <summary>A metadata record that a file declares.</summary>
internal sealed record MetadataRecordRow(string Name, int Number);

/// <summary>What the catalogs need to know of a file.</summary>
internal sealed record SchemaDeclarations(ApiModel? Api, ValueList<MetadataRecordRow> MetadataRecords);

/// <summary>Everything a schema file leads to; equal results let the compiler keep what it generated before.</summary>
internal sealed record SchemaFileResult(
    ValueList<GeneratedFile> Generated, SchemaDeclarations Declarations, SchemaError? Error)
{
    private static readonly SchemaDeclarations NoDeclarations = new(null, new ValueList<MetadataRecordRow>([]));

    public static SchemaFileResult Create(AdditionalText text, CancellationToken cancellation)
    {
        SourceText? source = text.GetText(cancellation);
        List<string> lines = source is null ? [] : source.Lines.Select(line => line.ToString()).ToList();
        try
        {
            SchemaModel schema = SchemaParser.Parse(lines, cancellation);
            IEnumerable<GeneratedFile> generated = schema.Messages
                .Select(m => new GeneratedFile($"{m.Name}.g.cs", MessageEmitter.Emit(schema, m)));
            IEnumerable<MetadataRecordRow> records = schema.Messages
                .Where(m => m.Kind == MessageKind.Metadata)
                .Select(m => new MetadataRecordRow(m.Name, m.Key));
            var declarations = new SchemaDeclarations(schema.Api, new ValueList<MetadataRecordRow>(records.ToArray()));
            return new SchemaFileResult(new ValueList<GeneratedFile>(generated.ToArray()), declarations, null);
        }
        catch (SchemaException e)
        {
            var error = new SchemaError(text.Path, e.Line, e.Message);
            return new SchemaFileResult(new ValueList<GeneratedFile>([]), NoDeclarations, error);
        }
    }
}

/// <summary>An array that compares by its items, as results of an incremental step must.</summary>
internal sealed class ValueList<T>(T[] items) : IEquatable<ValueList<T>>, IEnumerable<T>
{
    public bool Equals(ValueList<T>? other) => other is not null && items.SequenceEqual(other);

    public override bool Equals(object? obj) => Equals(obj as ValueList<T>);

    public override int GetHashCode() => items.Aggregate(17, (hash, item) => (hash * 31) + (item?.GetHashCode() ?? 0));

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
