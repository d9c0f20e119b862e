using System.CommandLine;
using FastLog.Load.Results;
using FastLog.LoadGen.Reports;

namespace FastLog.LoadGen.Commands;

/// <summary><c>report</c>: the results of one run of scenarios become a report, a table and a line of history.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        Argument<FileInfo[]> results = new("results")
        {
            Description = "The files that the loads printed with --json, in the order of the report.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<DirectoryInfo?> folder = new("--out") { Description = "Write report.md and results.json here." };
        Option<FileInfo?> history = new("--history") { Description = "Append one line of JSON here." };
        Option<string> commit = new("--commit") { Description = "What was measured.", DefaultValueFactory = _ => "unknown" };
        Option<string> command = new("--command") { Description = "How to do it again.", DefaultValueFactory = _ => "" };
        Option<string> broker = new("--broker-command") { Description = "How the broker was started.", DefaultValueFactory = _ => "" };
        Option<string> fileSystem = new("--file-system") { Description = "Where its log lay.", DefaultValueFactory = _ => "unknown" };
        Option<string> load = new("--load-average") { Description = "The machine's load before the run.", DefaultValueFactory = _ => "unknown" };

        Command report = new("report", "Turn results into a table, a report and a line of history.") { results };
        Option[] own = [folder, history, commit, command, broker, fileSystem, load];
        Array.ForEach(own, report.Options.Add);
        report.SetAction(async (parsed, cancellationToken) =>
        {
            List<LoadResult> loaded = [];
            foreach (FileInfo file in parsed.GetValue(results)!)
            {
                loaded.Add(ResultJson.ReadResult(await File.ReadAllTextAsync(file.FullName, cancellationToken)));
            }

            RunReport run = new()
            {
                Date = loaded[0].StartedAt,
                Commit = parsed.GetValue(commit)!,
                Command = parsed.GetValue(command)!,
                BrokerCommand = parsed.GetValue(broker)!,
                FileSystem = parsed.GetValue(fileSystem)!,
                LoadAverageBefore = parsed.GetValue(load)!,
                Machine = Machine.Describe(),
                Results = loaded,
            };
            ResultTable.Print(loaded);
            await WriteAsync(run, parsed.GetValue(folder), parsed.GetValue(history), cancellationToken);
        });
        return report;
    }

    private static async Task WriteAsync(
        RunReport run, DirectoryInfo? folder, FileInfo? history, CancellationToken cancellationToken)
    {
        if (folder is not null)
        {
            folder.Create();
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "report.md"), MarkdownReport.Render(run), cancellationToken);
            await File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "results.json"), ResultJson.Write(run, isIndented: true) + "\n", cancellationToken);
        }

        if (history is not null)
        {
            string line = ResultJson.Write(HistoryLine.Of(run), isIndented: false);
            await File.AppendAllTextAsync(history.FullName, line + "\n", cancellationToken);
        }
    }
}
