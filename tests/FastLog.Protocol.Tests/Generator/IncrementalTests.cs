using Microsoft.CodeAnalysis;

namespace FastLog.Protocol.Tests.Generator;

public sealed class IncrementalTests
{
    private static readonly SchemaText First =
        new("a.schema", "# A thing.\ndata First versions 0..3 flexible 2+ {\n# Its name.\nName string? 1+ = null\n}");

    private static readonly SchemaText Second = new("b.schema", "data Second versions 0 flexible none {\nA int8\n}");

    [Fact]
    public void Comments_become_documentation()
    {
        string source = new GeneratorRun(First).Source("First.g.cs");
        Assert.Contains("/// <summary>A thing.</summary>", source, StringComparison.Ordinal);
        Assert.Contains("Its name. (string?, versions 1-3, default null)", source, StringComparison.Ordinal);
        Assert.Contains("public string? Name { get; set; }", source, StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_reruns_the_edited_file_alone()
    {
        var run = new GeneratorRun(First, Second);
        Assert.All(run.FileReasons, reason => Assert.Equal(IncrementalStepRunReason.New, reason));

        run.Replace(Second, new SchemaText("b.schema", "data Second versions 0 flexible none {\nA int16\n}"));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified], run.FileReasons);
        Assert.Contains("public short A", run.Source("Second.g.cs"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_edit_that_changes_nothing_keeps_the_generated_code()
    {
        var run = new GeneratorRun(First, Second);
        run.Replace(Second, new SchemaText("b.schema", "\ndata Second   versions 0 flexible none {\n  A int8\n}"));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged], run.FileReasons);
    }
}
