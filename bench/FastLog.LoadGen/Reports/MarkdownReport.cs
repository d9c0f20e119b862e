using System.Globalization;
using System.Text;

using FastLog.Load.Results;
namespace FastLog.LoadGen.Reports;

/// <summary>Writes a run for people who were not there.</summary>
public static class MarkdownReport
{
    private const string HowToRead =
        """
        ## How to read it

        - Bytes are those of the records' values; 1 MB is 10^6, 1 GB 10^9. Broker and generator share the machine.
        - Broker CPU is user and system time of the broker's process from `/proc`, in steps of 10 ms, while the clock ran:
          from the first record handed to the client to the last acknowledgement, or from connecting to the last record.
        - The ack percentiles are of a closed loop at full speed: most of that time a record waits in the generator's own
          buffer. They bound the broker's share from above and are no latency of a broker under a load it can bear.
          They are at most 0.4 % too high.
        - Peak memory is since the broker's start. `written` counts pages made dirty; `switches` those of threads that
          were still there at the end.
        - Consumers read what was just produced, so from the page cache, check every CRC and look at every record.
        - `others' CPU` is what everything but broker and generator took of one CPU meanwhile. What is not near zero
          disturbed the run: records per second most, seconds per GB less, though not untouched.
        """;

    public static string Render(RunReport run)
    {
        ArgumentNullException.ThrowIfNull(run);
        StringBuilder text = new();
        Line(text, $"# Load run of {run.Date.UtcDateTime:yyyy-MM-dd HH:mm} UTC");
        Line(text, $"");
        Line(text, $"Made by `{run.Command}` at commit {run.Commit}.");
        Line(text, $"");
        AddTable(text, run.Results);
        Line(text, $"");
        text.Append(HowToRead).Append("\n\n");
        AddCircumstances(text, run);
        Line(text, $"");
        AddCommands(text, run);
        return text.ToString();
    }

    private static void AddTable(StringBuilder text, IReadOnlyList<LoadResult> results)
    {
        var columns = ResultColumns.All;
        AddRow(text, columns.Select(column => column.Head));
        AddRow(text, columns.Select((_, index) => index == 0 ? "---" : "---:"));
        foreach (LoadResult result in results)
        {
            AddRow(text, columns.Select(column => column.Show(result)));
        }
    }

    private static void AddRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    private static void AddCircumstances(StringBuilder text, RunReport run)
    {
        Machine machine = run.Machine;
        Line(text, $"## Machine");
        Line(text, $"");
        Line(text, $"- {machine.CpusCount} CPUs ({machine.CpuModel}), {machine.MemoryBytes / 1e9:N1} GB of memory, Linux {machine.Kernel}, {machine.Runtime}");
        Line(text, $"- log on {run.FileSystem}");
        Line(text, $"- load average before the run: {run.LoadAverageBefore}");
        Line(text, $"- fsync before every acknowledgement: {FlushPolicy(run.Results)}");
    }

    /// <summary>As the broker itself answered, not as it was told.</summary>
    private static string FlushPolicy(IReadOnlyList<LoadResult> results)
    {
        string[] told = [.. results.Where(result => result.Kind == LoadKind.Produce)
            .Select(result => result.TopicFlushMessages ?? "not told")
            .Distinct()];
        return told switch
        {
            [] => "nothing was produced",
            ["1"] => "yes (the broker reports flush.messages=1 for the topics)",
            _ => $"no (the broker reports flush.messages={string.Join(", ", told)} for the topics)",
        };
    }

    private static void AddCommands(StringBuilder text, RunReport run)
    {
        Line(text, $"## Commands");
        Line(text, $"");
        Line(text, $"```sh");
        Line(text, $"{run.BrokerCommand}");
        foreach (LoadResult result in run.Results)
        {
            Line(text, $"{result.Command}");
        }

        Line(text, $"```");
        Line(text, $"");
        Line(text, $"What they printed is in `raw/`, all figures in `results.json`.");
    }

    private static void Line(StringBuilder text, FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
