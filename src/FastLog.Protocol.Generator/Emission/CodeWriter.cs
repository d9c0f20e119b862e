using System.Text;

namespace FastLog.Protocol.Generator.Emission;

/// <summary>Lines of C# with their indentation.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public CodeWriter Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', _depth * 4).Append(line);
        }

        _text.Append('\n');
        return this;
    }

    public CodeWriter Open(string header)
    {
        Line(header).Line("{");
        _depth++;
        return this;
    }

    public CodeWriter Close(string suffix = "")
    {
        _depth--;
        return Line("}" + suffix);
    }

    /// <summary>A documentation comment of one line.</summary>
    public CodeWriter Summary(string text) =>
        Line("/// <summary>" + text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;") + "</summary>");

    /// <summary>A one-line statement, under its condition when it has one.</summary>
    public CodeWriter When(string? condition, string statement) =>
        Line(condition is null ? statement : $"if ({condition}) {{ {statement} }}");

    public override string ToString() => _text.ToString();
}
