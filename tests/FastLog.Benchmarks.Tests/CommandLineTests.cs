using System.Diagnostics;
using FastLog.Benchmarks.Trials;

namespace FastLog.Benchmarks.Tests;

/// <summary>The program, as a process of its own.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fastlog-benchmarks-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Benchmarks_are_listed()
    {
        (int exitCode, string output) = await RunAsync("--list", "flat");
        Assert.Equal(0, exitCode);
        Assert.All(BenchmarkTrial.Cases, benchmark =>
            Assert.Contains($"{benchmark.Descriptor.Type.Name}.{benchmark.Descriptor.WorkloadMethod.Name}", output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_smoke_run_has_a_line_for_every_benchmark_and_leaves_nothing_behind()
    {
        (int exitCode, string output) = await RunAsync("--smoke");
        Assert.True(exitCode == 0, output);
        string[] lines = output.Split('\n');
        Assert.All(BenchmarkTrial.Cases, benchmark =>
            Assert.Single(lines, line => line.StartsWith($"{BenchmarkTrial.NameOf(benchmark)} ", StringComparison.Ordinal)));
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public async Task A_filter_runs_what_it_names()
    {
        (int exitCode, string output) = await RunAsync("--filter", "*Varint*", "--job", "dry");
#if DEBUG
        // Figures of a debug build mean nothing, and BenchmarkDotNet refuses to take them.
        Assert.Equal(1, exitCode);
        Assert.Contains("optimiz", output, StringComparison.OrdinalIgnoreCase);
#else
        Assert.True(exitCode == 0, output);
        Assert.Contains("Allocated", output, StringComparison.Ordinal);
        Assert.Contains("SizeMaxBytes", output, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_folder.FullName, "artifacts", "benchmarks")));
#endif
    }

    private async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "FastLog.Benchmarks.dll");
        ProcessStartInfo start = new("dotnet", [program, .. arguments])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Scratch logs go where this test sees what is left of them.
        start.Environment["TMPDIR"] = _folder.FullName;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }
}
