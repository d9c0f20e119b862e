using Spectre.Console;

namespace FastLog.Load.Results;

/// <summary>Prints results for a person.</summary>
public static class ResultTable
{
    /// <summary>One result: a line for every figure that it has.</summary>
    public static void Print(LoadResult result)
    {
        Table table = new Table().Border(TableBorder.None).HideHeaders().AddColumn("").AddColumn("");
        foreach ((string head, Func<LoadResult, string> show) in ResultColumns.All)
        {
            string shown = show(result);
            if (shown != ResultColumns.Nothing)
            {
                table.AddRow(Markup.Escape(head), Markup.Escape(shown));
            }
        }

        AnsiConsole.Write(table);
    }

    /// <summary>Several results: a column each, so that it fits any terminal.</summary>
    public static void Print(IReadOnlyList<LoadResult> results)
    {
        Table table = new Table().Border(TableBorder.Simple).AddColumn("");
        (_, Func<LoadResult, string> name) = ResultColumns.All[0];
        foreach (LoadResult result in results)
        {
            table.AddColumn(new TableColumn(Markup.Escape(name(result))).RightAligned());
        }

        foreach ((string head, Func<LoadResult, string> show) in ResultColumns.All.Skip(1))
        {
            table.AddRow([Markup.Escape(head), .. results.Select(result => Markup.Escape(show(result)))]);
        }

        AnsiConsole.Write(table);
    }
}
