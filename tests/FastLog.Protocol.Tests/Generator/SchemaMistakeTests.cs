using Microsoft.CodeAnalysis;

namespace FastLog.Protocol.Tests.Generator;

/// <summary>A mistake in a schema is a build error where it is, and costs no other file its code.</summary>
public sealed class SchemaMistakeTests
{
    [Theory]
    [InlineData("A int32\nA int16", 2, "declared twice")]
    [InlineData("A int33", 1, "'int33' is no type")]
    [InlineData("A [records]", 1, "not possible")]
    [InlineData("A int32?", 1, "not possible")]
    [InlineData("a int32", 1, "is no name")]
    [InlineData("A", 1, "expected a type")]
    [InlineData("A int32 5+", 1, "lie outside")]
    [InlineData("A int32 2..1", 1, "no version range")]
    [InlineData("A string?9+", 1, "no range of versions")]
    [InlineData("A string tag 0", 1, "not flexible")]
    [InlineData("A string 2+ tag 1\nB string 2+ tag 1", 2, "tag 1 is used twice")]
    [InlineData("A string 2+ tag x", 1, "no tag number")]
    [InlineData("A int8 = 200", 1, "no default of this type")]
    [InlineData("A string = null", 1, "no default of this type")]
    [InlineData("A [int32] = 0", 1, "no default of this type")]
    [InlineData("A int32 surprise", 1, "unexpected 'surprise'")]
    [InlineData("A int32 {\n}", 1, "unexpected '{'")]
    [InlineData("A Missing", 1, "'Missing' is not declared")]
    [InlineData("A A {\nB int8\n}", 1, "named like a struct")]
    [InlineData("A Part {\nPart int8\n}", 2, "named like its struct")]
    [InlineData("A Part {\nB [Part]\n}", 2, "holds itself")]
    [InlineData("A Part {\nB int8\n}\nC Part {\nB int8\n}", 4, "declared twice")]
    [InlineData("A Part {\nB int8", 0, "not closed")]
    [InlineData("} x", 1, "unexpected 'x'")]
    public void Mistakes_in_a_body_are_reported_at_their_line(string body, int line, string message)
    {
        AssertMistake($"data Thing versions 0..3 flexible 2+ {{\n{body}\n}}\n", line, message);
    }

    [Theory]
    [InlineData("thing X {", 0, "is no declaration")]
    [InlineData("data Thing versions 0+ flexible none {", 0, "highest version")]
    [InlineData("data Thing versions 0 flexible 0..1 {", 0, "N+ or none")]
    [InlineData("data Thing version 0", 0, "expected 'versions'")]
    [InlineData("metadata Thing versions 0 flexible none {", 0, "no record number")]
    [InlineData("request {\n}", 0, "api line comes before")]
    [InlineData("api A 1 versions 0 flexible 0+ listeners moon", 0, "broker or controller")]
    [InlineData("api A 1 versions 0 flexible 0+ listeners broker\nrequest {\n}", 2, "lacks its request or its response")]
    [InlineData("api A 1 versions 0 flexible 0+ listeners broker\n\napi B 2 versions 0 flexible 0+ listeners broker", 2, "one api")]
    public void Mistakes_in_a_declaration_are_reported_at_their_line(string schema, int line, string message)
    {
        AssertMistake(schema, line, message);
    }

    [Fact]
    public void Other_files_are_generated_beside_a_mistaken_one()
    {
        var run = new GeneratorRun(
            new SchemaText("bad.schema", "data Bad versions 0 flexible none {\nA what\n}"),
            new SchemaText("good.schema", "data Good versions 0 flexible none {\nA int8\n}"));
        Assert.Single(run.Diagnostics);
        Assert.True(run.HasSource("Good.g.cs"));
        Assert.False(run.HasSource("Bad.g.cs"));
    }

    private static void AssertMistake(string schema, int line, string message)
    {
        Diagnostic diagnostic = Assert.Single(new GeneratorRun(new SchemaText("schemas/x.schema", schema)).Diagnostics);
        Assert.Equal("FLP001", diagnostic.Id);
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        Assert.Contains(message, diagnostic.GetMessage(), StringComparison.Ordinal);
        FileLinePositionSpan span = diagnostic.Location.GetLineSpan();
        Assert.Equal("schemas/x.schema", span.Path);
        Assert.Equal(line, span.StartLinePosition.Line);
    }
}
