using FastLog.LoadGen.Suite.Runs;

namespace FastLog.LoadGen.Suite.Reports;

/// <summary>What was measured, and amid what.</summary>
internal static class Surroundings
{
    private static readonly string[] Measured =
        ["src", "bench", "runbench.sh", "Directory.Build.props", "Directory.Packages.props"];

    /// <summary>The commit of the working folder, and whether what it builds differs from it.</summary>
    public static async Task<string> CommitAsync(CancellationToken cancellationToken)
    {
        string? commit = await TryRunAsync("git", ["rev-parse", "--short=10", "HEAD"], cancellationToken);
        if (commit is null)
        {
            return "no-commit";
        }

        string? changes = await TryRunAsync("git", ["status", "--porcelain", "--", .. Measured], cancellationToken);
        return string.IsNullOrEmpty(changes) ? commit : commit + " with uncommitted changes";
    }

    /// <summary>The type of the file system that a folder lies on.</summary>
    public static async Task<string> FileSystemAsync(string folder, CancellationToken cancellationToken)
    {
        string? lines = await TryRunAsync("df", ["--output=fstype", folder], cancellationToken);
        return lines?.Split('\n').Last() ?? "an unknown file system";
    }

    public static string LoadAverage() => string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3));

    private static async Task<string?> TryRunAsync(
        string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            ChildOutput child = await ChildProcess.RunAsync(program, arguments, isErrorShown: false, cancellationToken);
            return child.ExitCode == 0 ? child.Output.Trim() : null;
        }
        catch (SuiteException)
        {
            return null;
        }
    }
}
