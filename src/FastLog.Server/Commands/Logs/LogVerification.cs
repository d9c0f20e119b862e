using FastLog.Storage;
using FastLog.Storage.Inspection;

namespace FastLog.Server.Commands;

/// <summary>Verifies directories and prints what was found: a line for each finding, then a line for each directory.</summary>
internal static class LogVerification
{
    /// <summary>Verifies all of them.</summary>
    /// <param name="directories">Log directories or partitions' directories.</param>
    /// <param name="output">Takes the lines.</param>
    /// <param name="flush">Called when a directory is done.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> directories, DumpOutput output, Action flush)
    {
        var files = new PosixFileSystem();
        var isSound = true;
        foreach (var directory in directories)
        {
            try
            {
                var summary = LogVerifier.Verify(files, directory, finding => Write(output, finding));
                Write(output, directory, summary);
                isSound &= summary.IsSound;
            }
            finally
            {
                flush();
            }
        }

        return isSound ? 0 : LogCommand.DamagedExitCode;
    }

    private static void Write(DumpOutput output, Finding finding)
    {
        output.Begin(finding.Severity switch
        {
            FindingSeverity.Error => "error",
            FindingSeverity.Warning => "warning",
            _ => "note",
        });
        output.Add("path", finding.Path);
        if (finding.Position >= 0)
        {
            output.Add("position", finding.Position);
        }

        output.Add("problem", finding.Problem);
        output.End();
    }

    private static void Write(DumpOutput output, string directory, VerificationSummary summary)
    {
        output.Begin(summary.IsSound ? "sound" : "damaged");
        output.Add("path", directory);
        output.Add("partitions", summary.PartitionsCount);
        output.Add("segments", summary.SegmentsCount);
        output.Add("batches", summary.BatchesCount);
        output.Add("records", summary.RecordsCount);
        output.Add("bytes", summary.SizeInBytes);
        output.Add("errors", summary.ErrorsCount);
        output.Add("warnings", summary.WarningsCount);
        output.Add("notes", summary.NotesCount);
        output.End();
    }
}
