using System.Collections.Immutable;
using FastLog.Protocol.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FastLog.Protocol.Tests.Generator;

/// <summary>Runs the source generator on schemas that a test writes down.</summary>
internal sealed class GeneratorRun
{
    private static readonly CSharpCompilation Empty = CSharpCompilation.Create("Schemas");
    private GeneratorDriver _driver;

    public GeneratorRun(params SchemaText[] schemas)
    {
        var options = new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true);
        _driver = CSharpGeneratorDriver.Create([new ProtocolGenerator().AsSourceGenerator()], schemas, driverOptions: options);
        _driver = _driver.RunGenerators(Empty);
    }

    public ImmutableArray<Diagnostic> Diagnostics => _driver.GetRunResult().Diagnostics;

    /// <summary>Why each schema file's step gave what it gave, in order of the files.</summary>
    public IEnumerable<IncrementalStepRunReason> FileReasons =>
        _driver.GetRunResult().Results[0].TrackedSteps[ProtocolGenerator.FileStepName]
            .SelectMany(step => step.Outputs)
            .Select(output => output.Reason);

    public string Source(string name) => _driver.GetRunResult().Results[0].GeneratedSources
        .Single(source => source.HintName == name).SourceText.ToString();

    public bool HasSource(string name) =>
        _driver.GetRunResult().Results[0].GeneratedSources.Any(source => source.HintName == name);

    public void Replace(SchemaText before, SchemaText after) =>
        _driver = _driver.ReplaceAdditionalText(before, after).RunGenerators(Empty);
}

/// <summary>A schema file that lies in no folder.</summary>
internal sealed class SchemaText(string path, string text) : AdditionalText
{
    public override string Path => path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}
