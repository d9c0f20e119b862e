using System.Globalization;
using System.Text;

namespace FastLog.Server.Commands.Output;

/// <summary>
/// A table for people: aligned columns under a line of headers, numbers to the right. Never coloured and never wrapped,
/// so that what is piped is what was seen.
/// </summary>
internal sealed class TextTable
{
    private const string Nothing = "-";
    private const string Gap = "  ";

    private readonly List<Column> _columns = [];
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a column of text.</summary>
    public TextTable Text(string header)
    {
        _columns.Add(new Column(header, IsNumber: false));
        return this;
    }

    /// <summary>Adds a column of numbers.</summary>
    public TextTable Number(string header)
    {
        _columns.Add(new Column(header, IsNumber: true));
        return this;
    }

    /// <summary>Adds a row: a cell for each column. Null and empty text are shown as a dash.</summary>
    public void Row(params object?[] cells)
    {
        if (cells.Length != _columns.Count)
        {
            throw new ArgumentException($"a row of {cells.Length} cells in a table of {_columns.Count} columns", nameof(cells));
        }

        _rows.Add(Array.ConvertAll(cells, Show));
    }

    /// <summary>Writes the headers and all rows.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="indent">What every line begins with.</param>
    public void WriteTo(TextWriter writer, string indent = "")
    {
        var widths = _columns
            .Select((column, index) => _rows.Select(row => row[index].Length).Append(column.Header.Length).Max())
            .ToArray();
        WriteLine(writer, indent, widths, [.. _columns.Select(column => column.Header)]);
        foreach (var row in _rows)
        {
            WriteLine(writer, indent, widths, row);
        }
    }

    private void WriteLine(TextWriter writer, string indent, int[] widths, string[] cells)
    {
        var line = new StringBuilder(indent);
        for (var i = 0; i < cells.Length; i++)
        {
            line.Append(i == 0 ? "" : Gap);
            line.Append(_columns[i].IsNumber ? cells[i].PadLeft(widths[i]) : cells[i].PadRight(widths[i]));
        }

        writer.WriteLine(line.ToString().TrimEnd());
    }

    private static string Show(object? cell) => cell switch
    {
        null => Nothing,
        bool yes => yes ? "yes" : "no",
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() is { Length: > 0 } text ? ShownText.Of(text) : Nothing,
    };

    private readonly record struct Column(string Header, bool IsNumber);
}
