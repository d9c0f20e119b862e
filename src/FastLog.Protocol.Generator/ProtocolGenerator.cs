using System.Collections.Immutable;
using System.Linq;
using FastLog.Protocol.Generator.Emission;
using FastLog.Protocol.Generator.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace FastLog.Protocol.Generator;

/// <summary>
/// Turns <c>*.schema</c> files into message classes. Each file is parsed and emitted on its own, and its result
/// compares by value, so that an edit costs one file and, only when its declarations changed, the catalog.
/// </summary>
[Generator]
public sealed class ProtocolGenerator : IIncrementalGenerator
{
    /// <summary>Name of the pipeline step that turns a file into code; tests look at what it reran.</summary>
    public const string FileStepName = "SchemaFile";

    private static readonly DiagnosticDescriptor SchemaMistake = new(
        "FLP001",
        "Mistake in a protocol schema",
        "{0}",
        "FastLog.Protocol",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<SchemaFileResult> files = context.AdditionalTextsProvider
            .Where(static text => text.Path.EndsWith(".schema", System.StringComparison.Ordinal))
            .Select(SchemaFileResult.Create)
            .WithTrackingName(FileStepName);
        context.RegisterSourceOutput(files, AddMessages);

        IncrementalValueProvider<ImmutableArray<SchemaDeclarations>> declarations =
            files.Select(static (file, _) => file.Declarations).Collect();
        context.RegisterSourceOutput(declarations, AddCatalogs);
    }

    private static void AddMessages(SourceProductionContext context, SchemaFileResult file)
    {
        if (file.Error is { } error)
        {
            var position = new LinePosition(error.Line, 0);
            Location location = Location.Create(error.Path, default, new LinePositionSpan(position, position));
            context.ReportDiagnostic(Diagnostic.Create(SchemaMistake, location, error.Message));
        }

        foreach (GeneratedFile generated in file.Generated)
        {
            context.AddSource(generated.Name, generated.Source);
        }
    }

    private static void AddCatalogs(SourceProductionContext context, ImmutableArray<SchemaDeclarations> files)
    {
        context.AddSource("ApiCatalog.g.cs", CatalogEmitter.EmitApis(
            files.Where(f => f.Api is not null).Select(f => f.Api!)));
        context.AddSource("MetadataRecords.g.cs", CatalogEmitter.EmitMetadataRecords(
            files.SelectMany(f => f.MetadataRecords).Select(r => (r.Name, r.Number))));
    }
}
